// Manifests as rendered charts have them, by the share that each kind has there; the same in every run.

/** Text of one document, made unlike the others by its number. */
type Writer = (name: string, number: number) => string;

const labels = (name: string): string => `
    app.kubernetes.io/name: ${name}
    app.kubernetes.io/instance: production
    app.kubernetes.io/part-of: shop
    app.kubernetes.io/managed-by: Helm`;

const head = (apiVersion: string, kind: string, name: string): string => `apiVersion: ${apiVersion}
kind: ${kind}
metadata:
  name: ${name}
  namespace: shop
  labels:${labels(name)}
`;

const probe = (path: string): string => `
          httpGet:
            path: ${path}
            port: http
          initialDelaySeconds: 10
          periodSeconds: 15
          timeoutSeconds: 3
          failureThreshold: 4`;

/** One in fourteen takes a variable from a Secret, one in eight mounts one: as in open-source manifests. */
const podTemplate = (name: string, number: number): string => `  template:
    metadata:
      labels:${labels(name).replaceAll('\n', '\n    ')}
      annotations:
        prometheus.io/scrape: "true"
        prometheus.io/port: "9102"
        checksum/config: 5f70bf18a086007016e948b04aed3b82103a36bea41755b6cddfaf10ace3c6ef
    spec:
      serviceAccountName: ${name}
      securityContext:
        runAsNonRoot: true
        runAsUser: 10001
        fsGroup: 10001
      containers:
      - name: app
        image: registry.example.com/shop/${name}:1.14.${number % 40}
        imagePullPolicy: IfNotPresent
        args: ["--listen=:8080", "--log-format=json", "--config=/etc/app/config.yaml"]
        ports:
        - name: http
          containerPort: 8080
        - name: metrics
          containerPort: 9102
        env:
        - name: POD_NAME
          valueFrom:
            fieldRef:
              fieldPath: metadata.name
        - name: LOG_LEVEL
          value: info
        - name: UPSTREAM_URL
          value: http://catalogue.shop.svc.cluster.local:8080/v1
${number % 14 === 0 ? `        - name: DB_PASSWORD\n          valueFrom: {secretKeyRef: {name: ${name}-db, key: password}}\n` : ''}\
        livenessProbe:${probe('/livez')}
        readinessProbe:${probe('/readyz')}
        resources:
          requests:
            cpu: 100m
            memory: 128Mi
          limits:
            memory: 512Mi
        securityContext:
          allowPrivilegeEscalation: false
          readOnlyRootFilesystem: true
          capabilities:
            drop: [ALL]
        volumeMounts:
        - name: config
          mountPath: /etc/app
          readOnly: true
        - name: tmp
          mountPath: /tmp
      volumes:
      - name: config
        configMap:
          name: ${name}
      - name: tmp
        emptyDir: {}
${number % 8 === 0 ? `      - name: db\n        secret: {secretName: ${name}-db, defaultMode: 0440}\n` : ''}\
      affinity:
        podAntiAffinity:
          preferredDuringSchedulingIgnoredDuringExecution:
          - weight: 100
            podAffinityTerm:
              topologyKey: kubernetes.io/hostname
              labelSelector:
                matchLabels:
                  app.kubernetes.io/name: ${name}
`;

const deployment: Writer = (name, number) => `${head('apps/v1', 'Deployment', name)}spec:
  replicas: 3
  revisionHistoryLimit: 5
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxSurge: 1
      maxUnavailable: 0
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
${podTemplate(name, number)}`;

const service: Writer = (name) => `${head('v1', 'Service', name)}spec:
  type: ClusterIP
  selector:
    app.kubernetes.io/name: ${name}
  ports:
  - name: http
    port: 80
    targetPort: http
    protocol: TCP
  - name: metrics
    port: 9102
    targetPort: metrics
`;

const configMap: Writer = (name) => `${head('v1', 'ConfigMap', name)}data:
  LOG_LEVEL: info
  config.yaml: |
    server:
      listen: 0.0.0.0:8080
      readTimeout: 15s
      writeTimeout: 15s
    cache:
      backend: redis://cache.shop.svc:6379/0
      ttl: 5m
    features:
      - new-checkout
      - search-v2
    telemetry:
      endpoint: http://otel-collector.monitoring.svc:4317
      sampling: 0.05
`;

const serviceAccount: Writer = (name) =>
  `${head('v1', 'ServiceAccount', name)}automountServiceAccountToken: false\n`;

const role: Writer = (name) => `${head('rbac.authorization.k8s.io/v1', 'Role', name)}rules:
- apiGroups: [""]
  resources: [configmaps, endpoints]
  verbs: [get, list, watch]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, create, update]
- apiGroups: [""]
  resources: [secrets]
  resourceNames: [${name}-tls]
  verbs: [get]
`;

const roleBinding: Writer = (
  name,
) => `${head('rbac.authorization.k8s.io/v1', 'RoleBinding', name)}roleRef:
  apiGroup: rbac.authorization.k8s.io
  kind: Role
  name: ${name}
subjects:
- kind: ServiceAccount
  name: ${name}
  namespace: shop
`;

const secret: Writer = (name) => `${head('v1', 'Secret', name)}type: Opaque
data:
  username: c2hvcA==
  password: UGxlYXNlLWRvbi10LXVzZS10aGlzLW9uZQ==
`;

const ingress: Writer = (name) => `${head('networking.k8s.io/v1', 'Ingress', name)}spec:
  ingressClassName: nginx
  tls:
  - hosts: [${name}.example.com]
    secretName: ${name}-tls
  rules:
  - host: ${name}.example.com
    http:
      paths:
      - path: /
        pathType: Prefix
        backend:
          service:
            name: ${name}
            port:
              name: http
`;

const autoscaler: Writer = (
  name,
) => `${head('autoscaling/v2', 'HorizontalPodAutoscaler', name)}spec:
  minReplicas: 3
  maxReplicas: 12
  scaleTargetRef:
    apiVersion: apps/v1
    kind: Deployment
    name: ${name}
  metrics:
  - type: Resource
    resource:
      name: cpu
      target:
        type: Utilization
        averageUtilization: 70
`;

const monitor: Writer = (name) => `${head('monitoring.coreos.com/v1', 'ServiceMonitor', name)}spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: ${name}
  endpoints:
  - port: metrics
    interval: 30s
    scrapeTimeout: 10s
    relabelings:
    - sourceLabels: [__meta_kubernetes_pod_node_name]
      targetLabel: node
`;

/** Of twenty documents. */
const MIX: readonly Writer[] = [
  ...[deployment, deployment, deployment, deployment, deployment],
  ...[service, service, service, service],
  ...[configMap, configMap, configMap],
  ...[serviceAccount, serviceAccount, role, roleBinding, secret, ingress, autoscaler, monitor],
];

export function benchDocuments(count: number): string[] {
  return written(MIX, count);
}

/** Documents of which nothing is told or kept. */
export function quietDocuments(count: number): string[] {
  return written([service, configMap, serviceAccount, ingress, autoscaler, monitor], count);
}

function written(writers: readonly Writer[], count: number): string[] {
  return Array.from({ length: count }, (_, number) => {
    const write = writers[number % writers.length] ?? deployment;
    return write(`service-${number}`, Math.floor(number / writers.length));
  });
}
