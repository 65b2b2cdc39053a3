// The real server in the test's process, registered with a real API server as production has it.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { webhookRules, type CustomResource } from '../../../src/admission/rules.ts';
import { issueCertificates, type IssuedCertificates } from '../../../src/certs/issue.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { createLogger } from '../../../src/server/logger.ts';
import { serve, type RunningServer } from '../../../src/server/serve.ts';
import { eventually } from '../harness/poll.ts';
import { request } from '../harness/request.ts';
import type { Endpoint } from '../harness/transport.ts';
import { configurationText, type ConfigurationFields } from './configuration.ts';
import { mountFolder, type MountedFolder } from './mounted-folder.ts';
import { captureLog, type ServerLog } from './server-log.ts';
import { webhookConfiguration, type WebhookConfigurationOptions } from './webhook-configuration.ts';

const NAMES = ['localhost', '127.0.0.1'];

export interface ServerOptions {
  readonly configuration?: ConfigurationFields;
  readonly certificates?: IssuedCertificates;
  readonly drainMs?: number;
}

export interface WebhookServer {
  readonly server: RunningServer;
  readonly log: ServerLog;
  readonly certificates: IssuedCertificates;
  /** Writes the configuration file and waits until it is in use. */
  configure(fields: ConfigurationFields): Promise<void>;
  readonly configurationFolder: MountedFolder;
  readonly certificateFolder: MountedFolder;
  readonly stop: () => Promise<void>;
}

export const issue = (): Promise<IssuedCertificates> => issueCertificates(NAMES, 1, new Date());

/** The server alone, not yet known to the API server. */
export async function startServer(
  { configuration = {}, certificates, drainMs = 0 }: ServerOptions = {},
  port = 0,
): Promise<WebhookServer> {
  const folder = await mkdtemp(join(tmpdir(), 'hushgate-webhook-'));
  const issued = certificates ?? (await issue());
  const log = captureLog();
  const pem = { 'tls.crt': issued.cert, 'tls.key': issued.key };
  const certificateFolder = await mountFolder(join(folder, 'certs'), pem);
  const configurationFolder = await mountFolder(join(folder, 'config'), {
    'hushgate.yaml': configurationText(configuration),
  });
  const options = {
    host: '127.0.0.1',
    port,
    metricsPort: 0,
    tlsCert: certificateFolder.path('tls.crt'),
    tlsKey: certificateFolder.path('tls.key'),
    config: configurationFolder.path('hushgate.yaml'),
    drainMs,
    watchMs: 20,
  };
  const server = await serve(options, createLogger('debug', log.destination));
  return {
    server,
    log,
    certificates: issued,
    configurationFolder,
    certificateFolder,
    configure: async (fields) => {
      const text = configurationText(fields);
      await log.after('configuration reloaded', () =>
        configurationFolder.replace({ 'hushgate.yaml': text }),
      );
    },
    stop: async () => {
      await server.stop();
      await rm(folder, { recursive: true });
    },
  };
}

export interface WebhookOptions extends ServerOptions {
  readonly failurePolicy?: 'Fail' | 'Ignore';
  readonly customResources?: readonly CustomResource[];
  readonly timeoutSeconds?: number;
}

/** Starts the server and registers it; when this resolves, requests arrive there. */
export async function startWebhook(
  plane: Endpoint,
  { customResources = [], failurePolicy = 'Fail', timeoutSeconds, ...rest }: WebhookOptions = {},
): Promise<WebhookServer> {
  const webhook = await startServer(rest);
  try {
    await register(plane, {
      name: 'hushgate',
      url: webhook.server.url,
      caCert: webhook.certificates.caCert,
      rules: webhookRules(catalogue, customResources),
      failurePolicy,
      ...(timeoutSeconds === undefined ? {} : { timeoutSeconds }),
    });
    await arrival(plane, webhook.log);
  } catch (error) {
    await webhook.stop();
    throw error;
  }
  return webhook;
}

/** The rules for the whole catalogue, without custom kinds. */
export const RULES = webhookRules(catalogue, []);

export async function register(
  plane: Endpoint,
  options: WebhookConfigurationOptions,
): Promise<void> {
  const path = '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations';
  const body = webhookConfiguration(options);
  const made = await request(plane, { method: 'POST', path, body });
  if (made.status !== 201) throw new Error(JSON.stringify(made.body));
}

let probes = 0;

/** The API server learns of a webhook by a watch, some time after it was registered. */
export async function arrival(
  plane: Endpoint,
  log: ServerLog,
  namespace = 'default',
): Promise<void> {
  await eventually('the first review', async () => {
    probes += 1;
    const name = `probe-${probes}`;
    const body = { apiVersion: 'v1', kind: 'Secret', metadata: { name } };
    const path = `/api/v1/namespaces/${namespace}/secrets`;
    await request(plane, { method: 'POST', path, body, query: { dryRun: 'All' } });
    return log.decisions({ object: `${namespace}/${name}` })[0];
  });
}
