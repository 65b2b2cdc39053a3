// The typed APIs of @kubernetes/client-node, as somebody, with what they do not show: warnings.
import {
  AdmissionregistrationV1Api,
  ApiextensionsV1Api,
  AppsV1Api,
  AuthenticationV1Api,
  AuthorizationV1Api,
  BatchV1Api,
  CoreV1Api,
  CustomObjectsApi,
  RbacAuthorizationV1Api,
  ResponseContext,
  ServerConfiguration,
  createConfiguration,
  wrapHttpLibrary,
  type Configuration,
  type HttpLibrary,
  type KubeConfig,
  type Middleware,
} from '@kubernetes/client-node';
import { send, type Endpoint, type Identity } from './transport.ts';
import { parseWarnings } from './warnings.ts';

/** What the last response carried beside its object. */
export interface Observed {
  readonly status: number;
  readonly warnings: readonly string[];
}

type Atom = string | number | boolean | bigint | symbol | Date | null | undefined;

/** A model of client-node as an object literal has it. */
export type Plain<T> = T extends Atom ? T : { [Key in keyof T]: Plain<T[Key]> };

/**
 * client-node's models are classes whose fields are all public, and it takes literals for them. This
 * says so in one place: `core.createNamespacedPod({ namespace, body: model({ spec: … }) })`.
 */
export const model = <T>(value: NoInfer<Plain<T>>): T => value as T;

export function clientApi(plane: Endpoint & { readonly kubeConfig: KubeConfig }, as?: Identity) {
  let observed: Observed = { status: 0, warnings: [] };
  const middleware: Middleware = {
    pre: (context) => Promise.resolve(context),
    post: (context) => {
      const warnings = parseWarnings(context.headers['warning']);
      observed = { status: context.httpStatusCode, warnings };
      return Promise.resolve(context);
    },
  };
  const configuration = createConfiguration({
    baseServer: new ServerConfiguration(plane.url, {}),
    authMethods: { default: plane.kubeConfig },
    httpApi: transport(plane, as),
    promiseMiddleware: [middleware],
  });
  const make = <Api>(api: new (configuration: Configuration) => Api): Api => new api(configuration);
  return {
    make,
    core: make(CoreV1Api),
    apps: make(AppsV1Api),
    batch: make(BatchV1Api),
    rbac: make(RbacAuthorizationV1Api),
    admission: make(AdmissionregistrationV1Api),
    authentication: make(AuthenticationV1Api),
    authorization: make(AuthorizationV1Api),
    apiextensions: make(ApiextensionsV1Api),
    custom: make(CustomObjectsApi),
    get observed(): Observed {
      return observed;
    },
  };
}

/**
 * client-node's own transport holds one value for each header and joins several by commas, and
 * impersonation repeats Impersonate-Group: so requests go out by the harness's.
 */
function transport(plane: Endpoint, as: Identity | undefined): HttpLibrary {
  return wrapHttpLibrary({
    async send(context) {
      const payload = context.getBody();
      if (payload !== undefined && typeof payload !== 'string') throw new Error('not a JSON body');
      const { status, headers, body } = await send(plane, {
        method: context.getHttpMethod(),
        url: new URL(context.getUrl()),
        headers: context.getHeaders(),
        payload,
        as,
      });
      const single = Object.entries(headers).map(([name, value]) => [
        name,
        [value].flat().join(', '),
      ]);
      return new ResponseContext(status, Object.fromEntries(single) as Record<string, string>, {
        text: () => Promise.resolve(body.toString('utf8')),
        binary: () => Promise.resolve(body),
        stream: () => new Blob([new Uint8Array(body)]).stream(),
      });
    },
  });
}
