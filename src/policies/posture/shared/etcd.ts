import type { Report } from '../../../engine/policy.ts';
import { literal, type SafeText } from '../../../engine/safe-text.ts';
import { isGiven, isOn, setting, type Program, type Setting } from './program.ts';

/** A flag of etcd, and how it is told: as a flag, as a variable, or as a key of its configuration file. */
export interface Flag {
  readonly name: string;
  readonly flag: SafeText;
  readonly variable: SafeText;
  readonly key: SafeText;
}

/** One of etcd's two listeners: for clients, and for its peers. */
export interface Listener {
  readonly listen: readonly Flag[];
  readonly advertise: Flag;
  readonly clientAuth: Flag;
  readonly trustedCa: Flag;
  readonly certificate: readonly Flag[];
  readonly auto: Flag;
  /** Whether it is open where no URL is given: the peers' is then of no use to any peer. */
  readonly always: boolean;
}

export const CLIENTS: Listener = {
  listen: [
    {
      name: 'listen-client-urls',
      flag: literal('--listen-client-urls'),
      variable: literal('ETCD_LISTEN_CLIENT_URLS'),
      key: literal('listen-client-urls'),
    },
    {
      name: 'listen-client-http-urls',
      flag: literal('--listen-client-http-urls'),
      variable: literal('ETCD_LISTEN_CLIENT_HTTP_URLS'),
      key: literal('listen-client-http-urls'),
    },
  ],
  advertise: {
    name: 'advertise-client-urls',
    flag: literal('--advertise-client-urls'),
    variable: literal('ETCD_ADVERTISE_CLIENT_URLS'),
    key: literal('advertise-client-urls'),
  },
  clientAuth: {
    name: 'client-cert-auth',
    flag: literal('--client-cert-auth'),
    variable: literal('ETCD_CLIENT_CERT_AUTH'),
    key: literal('client-transport-security.client-cert-auth'),
  },
  trustedCa: {
    name: 'trusted-ca-file',
    flag: literal('--trusted-ca-file'),
    variable: literal('ETCD_TRUSTED_CA_FILE'),
    key: literal('client-transport-security.trusted-ca-file'),
  },
  certificate: [
    {
      name: 'cert-file',
      flag: literal('--cert-file'),
      variable: literal('ETCD_CERT_FILE'),
      key: literal('client-transport-security.cert-file'),
    },
    {
      name: 'key-file',
      flag: literal('--key-file'),
      variable: literal('ETCD_KEY_FILE'),
      key: literal('client-transport-security.key-file'),
    },
  ],
  auto: {
    name: 'auto-tls',
    flag: literal('--auto-tls'),
    variable: literal('ETCD_AUTO_TLS'),
    key: literal('client-transport-security.auto-tls'),
  },
  always: true,
};

export const PEERS: Listener = {
  listen: [
    {
      name: 'listen-peer-urls',
      flag: literal('--listen-peer-urls'),
      variable: literal('ETCD_LISTEN_PEER_URLS'),
      key: literal('listen-peer-urls'),
    },
  ],
  advertise: {
    name: 'initial-advertise-peer-urls',
    flag: literal('--initial-advertise-peer-urls'),
    variable: literal('ETCD_INITIAL_ADVERTISE_PEER_URLS'),
    key: literal('initial-advertise-peer-urls'),
  },
  clientAuth: {
    name: 'peer-client-cert-auth',
    flag: literal('--peer-client-cert-auth'),
    variable: literal('ETCD_PEER_CLIENT_CERT_AUTH'),
    key: literal('peer-transport-security.client-cert-auth'),
  },
  trustedCa: {
    name: 'peer-trusted-ca-file',
    flag: literal('--peer-trusted-ca-file'),
    variable: literal('ETCD_PEER_TRUSTED_CA_FILE'),
    key: literal('peer-transport-security.trusted-ca-file'),
  },
  certificate: [
    {
      name: 'peer-cert-file',
      flag: literal('--peer-cert-file'),
      variable: literal('ETCD_PEER_CERT_FILE'),
      key: literal('peer-transport-security.cert-file'),
    },
    {
      name: 'peer-key-file',
      flag: literal('--peer-key-file'),
      variable: literal('ETCD_PEER_KEY_FILE'),
      key: literal('peer-transport-security.key-file'),
    },
  ],
  auto: {
    name: 'peer-auto-tls',
    flag: literal('--peer-auto-tls'),
    variable: literal('ETCD_PEER_AUTO_TLS'),
    key: literal('peer-transport-security.auto-tls'),
  },
  always: false,
};

/** What is wrong with a listener, in the order of its settings. */
export function* judgeListener(etcd: Program, listener: Listener): Iterable<Report> {
  const listens = listener.listen.filter(({ name }) => isGiven(setting(etcd, name)));
  yield* judgeUrls(etcd, listener, listens);
  const open = listener.always || listens.length > 0;
  yield* judgeClientAuth(etcd, listener, open);
  const urls = listens.flatMap(({ name }) => urlsOf(setting(etcd, name)));
  const plainOnly = urls.length > 0 && urls.every(isPlain);
  if (open && !plainOnly) yield* judgeCertificate(etcd, listener);
}

function* judgeUrls(
  etcd: Program,
  { advertise }: Listener,
  listens: readonly Flag[],
): Iterable<Report> {
  let plain = false;
  for (const flag of listens) {
    const found = setting(etcd, flag.name);
    const urls = urlsOf(found);
    if (urls.some(isPlain)) {
      plain = true;
      yield report('plain-http', etcd, flag, found);
    }
    if (urls.some(isEveryAddress)) yield report('every-address', etcd, flag, found);
  }
  // What is advertised tells the same story again where the listener is plain.
  const advertised = setting(etcd, advertise.name);
  if (!plain && urlsOf(advertised).some(isPlain)) {
    yield report('plain-http', etcd, advertise, advertised);
  }
}

/**
 * etcd asks for a certificate with either setting; with client-cert-auth alone it takes that of any
 * authority of its system.
 * @see https://github.com/etcd-io/etcd/blob/v3.6.5/client/pkg/transport/listener.go `ServerConfig`
 */
function* judgeClientAuth(
  etcd: Program,
  { clientAuth, trustedCa }: Listener,
  open: boolean,
): Iterable<Report> {
  const auth = setting(etcd, clientAuth.name);
  const on = isOn(auth);
  const ca = isGiven(setting(etcd, trustedCa.name));
  // kubeadm writes every setting that it is not told.
  if (auth === undefined && (!open || etcd.from === 'kubeadm')) return;
  if (on === false) {
    const params = { ca: told(etcd, trustedCa) };
    yield report(ca ? 'client-auth-implied' : 'no-client-auth', etcd, clientAuth, auth, params);
  } else if (on === true && !ca && etcd.from !== 'kubeadm') {
    const params = { auth: told(etcd, clientAuth) };
    yield report('no-trusted-ca', etcd, trustedCa, undefined, params);
  }
}

function* judgeCertificate(etcd: Program, { certificate, auto }: Listener): Iterable<Report> {
  const made = setting(etcd, auto.name);
  const missing = certificate.find(({ name }) => !isGiven(setting(etcd, name)));
  if (isOn(made) === true && missing !== undefined) yield report('auto-tls', etcd, auto, made);
  else if (missing !== undefined && etcd.from !== 'kubeadm') {
    yield report('no-certificate', etcd, missing, undefined);
  }
}

/** A report at the setting, or where it would be written. */
export function report(
  message: string,
  program: Program,
  flag: Flag,
  found: Setting | undefined,
  params: Readonly<Record<string, SafeText>> = {},
): Report {
  return {
    message,
    at: found?.at ?? program.missing(flag.name),
    params: { flag: told(program, flag), ...params },
    ...program.container,
    referent: [flag.flag],
  };
}

function told({ from }: Program, { flag, variable, key }: Flag): SafeText {
  if (from === 'file') return key;
  return from === 'environment' ? variable : flag;
}

function urlsOf(found: Setting | undefined): readonly string[] {
  return (found?.value ?? '')
    .split(',')
    .map((url) => url.trim())
    .filter((url) => url !== '');
}

function isPlain(url: string): boolean {
  return /^http:/i.test(url);
}

const EVERY: ReadonlySet<string> = new Set([
  '',
  '*',
  '0.0.0.0',
  '[::]',
  '[::0]',
  '[0:0:0:0:0:0:0:0]',
]);

function isEveryAddress(url: string): boolean {
  const host = /^https?:\/\/(\[[^\]]*\]|[^:/]*)/i.exec(url)?.[1];
  return host !== undefined && EVERY.has(host);
}
