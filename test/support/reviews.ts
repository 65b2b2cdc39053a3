import { isJsonObject } from '../../src/engine/field.ts';

/** A Pod that takes a password from its environment, or as changed. */
export function pod(spec: object = { containers: [leaky('app')] }, metadata: object = {}): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'checkout', namespace: 'shop', ...metadata },
    spec,
  };
}

export function leaky(name: string, secret = 'db'): object {
  return {
    name,
    image: 'registry.example.com/app:1',
    env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: secret, key: 'password' } } }],
  };
}

/** A container that no workload policy objects to. */
export function harmless(name: string): object {
  return { name, image: 'registry.example.com/app:1' };
}

/** The AdmissionReview of an object as the API server sends it, with what is given in its place. */
export function reviewFor(object: unknown, request: object = {}): Record<string, unknown> {
  const own = (value: unknown, key: string): string => {
    const found = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
    return typeof found === 'string' ? found : '';
  };
  const apiVersion = own(object, 'apiVersion');
  const [group = '', version = ''] = apiVersion.includes('/')
    ? apiVersion.split('/')
    : ['', apiVersion];
  const metadata = isJsonObject(object) ? object['metadata'] : undefined;
  return {
    apiVersion: 'admission.k8s.io/v1',
    kind: 'AdmissionReview',
    request: {
      uid: '705ab4f5-6393-11e8-b7cc-42010a800002',
      kind: { group, version, kind: own(object, 'kind') },
      resource: { group, version, resource: `${own(object, 'kind').toLowerCase()}s` },
      namespace: own(metadata, 'namespace'),
      name: own(metadata, 'name'),
      operation: 'CREATE',
      userInfo: { username: 'jane', groups: ['system:authenticated'] },
      object,
      oldObject: null,
      dryRun: false,
      ...request,
    },
  };
}

/** The response of an answered review. */
export interface Response {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

export function responseOf(text: string): Response {
  const { response } = JSON.parse(text) as { response: Response };
  return response;
}
