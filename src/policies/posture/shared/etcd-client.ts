import type { Field } from '../../../engine/field.ts';
import type { Report } from '../../../engine/policy.ts';
import { literal } from '../../../engine/safe-text.ts';
import { report, type Flag } from './etcd.ts';
import { isGiven, setting, type Program } from './program.ts';

/** Neither a variable nor a file stands for a flag of the API server. */
const flag = (name: string, text: Flag['flag']): Flag => ({
  name,
  flag: text,
  variable: text,
  key: text,
});

const SERVERS = flag('etcd-servers', literal('--etcd-servers'));
const OVERRIDES = flag('etcd-servers-overrides', literal('--etcd-servers-overrides'));
const CA = flag('etcd-cafile', literal('--etcd-cafile'));
const CERTIFICATE = [
  flag('etcd-certfile', literal('--etcd-certfile')),
  flag('etcd-keyfile', literal('--etcd-keyfile')),
];

/** What is wrong in how a kube-apiserver talks to etcd. */
export function* judgeClient(server: Program): Iterable<Report> {
  const given = server.all(SERVERS.name).filter(isGiven);
  const plain = given.filter(({ value }) => urlsIn(value).some(isPlain));
  for (const found of plain) yield report('api-server-plain-http', server, SERVERS, found);
  for (const found of server.all(OVERRIDES.name)) {
    if (urlsOfSecrets(found.value).some(isPlain)) {
      yield report('api-server-plain-http', server, OVERRIDES, found);
    }
  }
  // kubeadm writes the certificates of the etcd that it sets up.
  if (server.from === 'kubeadm') return;
  const plainOnly = given.length > 0 && given.every(({ value }) => urlsIn(value).every(isPlain));
  if (plainOnly) return;
  if (!isGiven(setting(server, CA.name))) {
    yield report('api-server-no-ca', server, CA, undefined);
  }
  const missing = CERTIFICATE.find(({ name }) => !isGiven(setting(server, name)));
  if (missing !== undefined) yield report('api-server-no-certificate', server, missing, undefined);
}

/** The same in `etcd.external` of kubeadm. */
export function* judgeExternal(external: Field): Iterable<Report> {
  if (!external.present) return;
  const endpoints = external.get('endpoints').items();
  for (const at of endpoints.filter((endpoint) => isPlain(endpoint.text() ?? 'https:'))) {
    const params = { flag: literal('endpoints') };
    yield { message: 'api-server-plain-http', at, params, referent: [] };
  }
  if (endpoints.length > 0 && endpoints.every(({ value }) => isPlain(String(value)))) return;
  const ca = external.get('caFile');
  if (!isWritten(ca)) {
    yield {
      message: 'api-server-no-ca',
      at: ca,
      params: { flag: literal('caFile') },
      referent: [],
    };
  }
  const pair = [
    { at: external.get('certFile'), text: literal('certFile') },
    { at: external.get('keyFile'), text: literal('keyFile') },
  ];
  const missing = pair.find(({ at }) => !isWritten(at));
  if (missing === undefined) return;
  const { at, text } = missing;
  yield { message: 'api-server-no-certificate', at, params: { flag: text }, referent: [] };
}

function isWritten(field: Field): boolean {
  return field.present && field.value !== '';
}

function urlsIn(value: string | undefined, separator = ','): readonly string[] {
  return (value ?? '')
    .split(separator)
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

/** `group/resource#server;server`, several with commas: where Secrets are kept apart. */
function urlsOfSecrets(value: string | undefined): readonly string[] {
  return urlsIn(value).flatMap((override) => {
    const [resource, servers] = override.split('#');
    return resource === '/secrets' ? urlsIn(servers, ';') : [];
  });
}

/** The client takes a URL without a scheme for plain HTTP; a variable may hold one. */
function isPlain(url: string): boolean {
  return !/^(?:https:|unixs?:|\$)/i.test(url);
}
