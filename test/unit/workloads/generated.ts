import fc from 'fast-check';

const names = ['one', 'two', 'three'] as const;
const name = fc.constantFrom(...names);
const volumeName = fc.constantFrom('first', 'second', 'third');
const part = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(value, { nil: undefined });
const listOf = <T extends object>(item: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
  fc.uniqueArray(item, { maxLength: 3, selector: (value) => Reflect.get(value, 'name') });
const mode = part(fc.constantFrom(0o400, 0o440, 0o444, 0o644, 0o620));

// In two pieces, so that no file holds a token that a code host's secret scanner knows.
const TOKEN = ['ghp', '16C7e42F292c6912E7710c838347Ae178B4a'].join('_');

const variable = fc.record({
  name: fc.constantFrom('A', 'B', 'DB_PASSWORD', 'AWS_SECRET_ACCESS_KEY'),
  value: part(fc.constantFrom('plain', 'Hunter22x', TOKEN, '/run/secrets/db', '$(A)')),
  valueFrom: part(fc.record({ secretKeyRef: part(fc.record({ name, key: name })) })),
});

const security = part(
  fc.record({
    runAsNonRoot: part(fc.boolean()),
    runAsUser: part(fc.constantFrom(0, 10001)),
  }),
);

const mount = fc.record({
  name: volumeName,
  mountPath: fc.constantFrom('/a', '/b', '/var/run/secrets/kubernetes.io/serviceaccount'),
  readOnly: part(fc.boolean()),
  subPath: part(fc.constantFrom('', 'file')),
});

const container = fc.record({
  name: fc.constantFrom('app', 'sidecar', 'helper'),
  image: fc.constant('registry.k8s.io/pause:3.10'),
  command: part(fc.constantFrom(['run'], ['sh', '-c', `login ${TOKEN}`])),
  env: part(listOf(variable)),
  envFrom: part(fc.array(fc.record({ secretRef: part(fc.record({ name })) }), { maxLength: 2 })),
  securityContext: security,
  volumeMounts: part(fc.uniqueArray(mount, { maxLength: 3, selector: (value) => value.mountPath })),
});

const items = part(
  fc.uniqueArray(fc.record({ key: name, path: name, mode }), {
    maxLength: 3,
    selector: ({ key }) => key,
  }),
);

const source = fc.record({
  secret: part(fc.record({ name, items })),
  serviceAccountToken: part(
    fc.record({
      path: fc.constant('token'),
      audience: part(fc.constantFrom('', 'vault')),
      expirationSeconds: part(fc.constantFrom(600, 3600, 86400)),
    }),
  ),
});

const volume = fc.record({
  name: volumeName,
  secret: part(fc.record({ secretName: name, defaultMode: mode, items })),
  projected: part(fc.record({ defaultMode: mode, sources: fc.array(source, { maxLength: 2 }) })),
  csi: part(fc.record({ driver: fc.constant('secrets-store.csi.k8s.io') })),
});

/** A PodSpec with some of everything that workload policies read. */
export const podSpec = fc
  .record({
    containers: fc.uniqueArray(container, { minLength: 1, maxLength: 3, selector: (c) => c.name }),
    initContainers: part(listOf(container)),
    volumes: part(listOf(volume)),
    securityContext: security,
    serviceAccountName: part(name),
    automountServiceAccountToken: part(fc.boolean()),
  })
  .map((spec): unknown => JSON.parse(JSON.stringify(spec)));

/** Changes each value of a JSON value from the leaves up. */
export function rewrite(
  value: unknown,
  change: (value: unknown, key: string) => unknown,
  key = '',
): unknown {
  if (Array.isArray(value)) {
    const list: readonly unknown[] = value;
    return change(
      list.map((item) => rewrite(item, change, key)),
      key,
    );
  }
  if (typeof value !== 'object' || value === null) return change(value, key);
  const entries = Object.entries(value);
  return change(
    Object.fromEntries(entries.map(([name, child]) => [name, rewrite(child, change, name)])),
    key,
  );
}

/** How many values a JSON value has, itself included. */
export function size(value: unknown): number {
  let count = 0;
  rewrite(value, (each) => {
    count += 1;
    return each;
  });
  return count;
}
