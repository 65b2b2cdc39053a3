import { Command, InvalidArgumentError, Option } from 'commander';
import { parseDuration } from '../certs/duration.ts';
import type { SelfManaged } from '../certs/keeper.ts';
import { errorFields, LOG_LEVELS, type LogLevel } from '../server/log-fields.ts';

interface ObjectName {
  readonly namespace: string;
  readonly name: string;
}

interface SelfTlsFlags {
  readonly tlsSelf?: true;
  readonly tlsSecret?: ObjectName;
  readonly tlsLease?: ObjectName;
  readonly webhookName?: string;
  readonly serviceDns?: readonly string[];
  readonly tlsLife: number;
  readonly kubeconfig?: string;
  readonly context?: string;
}

interface ServeFlags extends SelfTlsFlags {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly tlsCert: string;
  readonly tlsKey: string;
  readonly config?: string;
  readonly drainSeconds: number;
  readonly watchSeconds: number;
  readonly logLevel: LogLevel;
  readonly dev?: true;
}

const option = (flags: string, description: string): Option =>
  new Option(flags, description).env(
    `HUSHGATE_${(/--([a-z-]+)/.exec(flags)?.[1] ?? '').replaceAll('-', '_').toUpperCase()}`,
  );

export function serveCommand(): Command {
  const command = new Command('serve')
    .description('Run the admission webhook over HTTPS.')
    .addOption(option('--config <file>', 'configuration file, reloaded when it changes'))
    .addOption(option('--tls-cert <file>', 'serving certificate, PEM').default('certs/tls.crt'))
    .addOption(option('--tls-key <file>', 'its private key, PEM').default('certs/tls.key'))
    .addOption(option('--host <address>', 'address to listen on').default('::'))
    .addOption(option('--port <number>', 'port of the webhook').default(8443).argParser(parsePort))
    .addOption(
      option('--metrics-port <number>', 'port of /metrics, plain HTTP')
        .default(9090)
        .argParser(parsePort),
    )
    .addOption(
      option('--drain-seconds <number>', 'how long to go on answering after SIGTERM')
        .default(10)
        .argParser(parseSeconds),
    )
    .addOption(
      option('--watch-seconds <number>', 'how often the files are looked at')
        .default(5)
        .argParser(parseSeconds),
    )
    .addOption(option('--log-level <level>', 'least level').choices(LOG_LEVELS).default('info'))
    .option('--dev', 'development: localhost, and a certificate of its own in certs/');
  for (const flag of selfTlsOptions()) command.addOption(flag);
  return command
    .addHelpText(
      'after',
      `
Endpoints: POST /validate, GET /livez, GET /readyz; GET /metrics on its own port.
The log goes to stderr, one JSON line a decision. SIGTERM drains, then stops.

Examples:
  hushgate serve --dev
  hushgate serve --config hushgate.yaml --tls-cert tls.crt --tls-key tls.key
  hushgate serve --tls-self --tls-secret hushgate/hushgate-tls --tls-lease hushgate/hushgate \\
    --webhook-name hushgate --service-dns=hushgate.hushgate.svc`,
    )
    .action(run);
}

function selfTlsOptions(): readonly Option[] {
  return [
    option(
      '--tls-self',
      'make, keep and renew the certificate in the cluster, and set the caBundle',
    ),
    option('--tls-secret <namespace/name>', 'the Secret it is kept in').argParser(parseObjectName),
    option('--tls-lease <namespace/name>', 'the Lease by which replicas take turns').argParser(
      parseObjectName,
    ),
    option('--tls-life <duration>', 'life of each certificate (90d, 12h)')
      .default(90 * 86_400_000, '90d')
      .argParser(parseLife),
    option('--webhook-name <name>', 'the ValidatingWebhookConfiguration whose caBundle is set'),
    option('--service-dns <name...>', 'DNS names of the Service, for the certificate').argParser(
      parseNames,
    ),
    new Option('--kubeconfig <file>', 'kubeconfig file, outside a cluster'),
    new Option('--context <name>', 'context of the kubeconfig file'),
  ];
}

/** What only this command needs is loaded here, so that the others start in half the time. */
async function run(flags: ServeFlags, command: Command): Promise<void> {
  const [{ pino }, { default: closeWithGrace }, { createLogger }, { serve }, development] =
    await Promise.all([
      import('pino'),
      import('close-with-grace'),
      import('../server/logger.ts'),
      import('../server/serve.ts'),
      import('./development.ts'),
    ]);
  const log = createLogger(flags.logLevel, pino.destination({ dest: 2, sync: true }));
  const options = {
    ...flags,
    drainMs: flags.drainSeconds * 1000,
    watchMs: flags.watchSeconds * 1000,
    ...(isSelfTls(flags, command) ? { selfManaged: await loadSelfTls(flags, command) } : {}),
    ...(flags.dev === true ? await development.prepareDevelopment(new Date()) : {}),
  };
  const server = await serve(options, log);
  if (flags.dev === true) process.stderr.write(development.tryIt(flags.port));
  closeWithGrace({ delay: options.drainMs + 10_000, logger: false }, async ({ err }) => {
    if (err !== undefined) log.error(errorFields(err), 'stopping after an unexpected error');
    await server.stop();
  });
}

/** Commander takes a variable that says `false` for a flag that is given. */
function isSelfTls({ tlsSelf }: ServeFlags, command: Command): boolean {
  if (tlsSelf !== true) return false;
  const fromEnv = command.getOptionValueSource('tlsSelf') === 'env';
  return !fromEnv || !['', '0', 'false'].includes(process.env['HUSHGATE_TLS_SELF'] ?? '');
}

async function loadSelfTls(flags: ServeFlags, command: Command): Promise<SelfManaged> {
  const { tlsSecret, tlsLease, webhookName, serviceDns = [], tlsLife, watchSeconds } = flags;
  if (tlsSecret === undefined || tlsLease === undefined || webhookName === undefined) {
    return command.error('error: --tls-self needs --tls-secret, --tls-lease and --webhook-name');
  }
  if (serviceDns.length === 0) return command.error('error: --tls-self needs --service-dns');
  const { selfManaged } = await import('../cluster/self-managed.ts');
  return selfManaged({
    secret: tlsSecret,
    lease: tlsLease,
    webhook: webhookName,
    names: serviceDns,
    life: tlsLife,
    pollMs: watchSeconds * 1000,
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: flags.kubeconfig }),
    ...(flags.context === undefined ? {} : { context: flags.context }),
  });
}

function parseObjectName(text: string): ObjectName {
  const [, namespace, name] = /^([a-z0-9.-]+)\/([a-z0-9.-]+)$/.exec(text) ?? [];
  if (namespace === undefined || name === undefined) {
    throw new InvalidArgumentError('It is <namespace>/<name>.');
  }
  return { namespace, name };
}

function parseLife(text: string): number {
  const life = parseDuration(text);
  if (life === undefined || life < 30_000 || life > 3650 * 86_400_000) {
    throw new InvalidArgumentError('It is a duration from 30s to 3650d, such as 90d or 1h30m.');
  }
  return life;
}

/** Several by words, or by commas in one. */
function parseNames(text: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...text.split(/[\s,]+/).filter((name) => name !== '')];
}

function parsePort(text: string): number {
  const port = Number(text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new InvalidArgumentError('It is a number from 0 (any free port) to 65535.');
  }
  return port;
}

function parseSeconds(text: string): number {
  const seconds = Number(text);
  if (!(seconds >= 0 && seconds <= 3600) || text.trim() === '') {
    throw new InvalidArgumentError('It is a number of seconds from 0 to 3600.');
  }
  return seconds;
}
