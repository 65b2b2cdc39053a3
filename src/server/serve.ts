import type { FastifyInstance } from 'fastify';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SelfManaged } from '../certs/keeper.ts';
import { readGiven } from '../config/given-file.ts';
import { ConfigurationError, defaultSettings, loadConfiguration } from '../config/load.ts';
import type { Settings } from '../engine/settings.ts';
import { buildApp, type HttpsApp, type Lifecycle } from './app.ts';
import { certificatePair, CertificateError, type CertificatePair } from './certificate.ts';
import { hostFor } from './host.ts';
import { errorFields } from './log-fields.ts';
import type { Logger } from './logger.ts';
import { createMetrics, type Metrics } from './metrics.ts';
import { buildMetricsApp } from './metrics-app.ts';
import { watchFiles, type Watch } from './watch.ts';

export interface ServeOptions {
  readonly host: string;
  readonly port: number;
  readonly metricsPort: number;
  readonly tlsCert: string;
  readonly tlsKey: string;
  /** Certificates that the server sees to itself, in place of the two files. */
  readonly selfManaged?: SelfManaged;
  /** Path of the configuration file; without one, the defaults. */
  readonly config?: string;
  /** How long reviews are still answered after the order to stop, in milliseconds. */
  readonly drainMs: number;
  /** How often the files are looked at, in milliseconds. */
  readonly watchMs: number;
}

export interface RunningServer {
  /** `https://host:port`, and where the metrics are. */
  readonly url: string;
  readonly metricsUrl: string;
  /** Not ready at once, still answering for the drain time, then closed. */
  stop(): Promise<void>;
}

/** For what is in flight when the drain ends: a verdict takes milliseconds. */
const LAST_ANSWERS_MS = 2000;

/**
 * Starts the webhook server. Rejects with a ConfigurationError, a CertificateError, a
 * GivenFileError or the system's error when it cannot; once running, a broken new file keeps the last
 * good one and says so.
 */
export async function serve(options: ServeOptions, log: Logger): Promise<RunningServer> {
  const metrics = createMetrics();
  const lifecycle = { ready: false, draining: false };
  const configuration = watchConfiguration(options, metrics, log);
  const tls = firstCertificate(options, metrics, configuration.watch);
  const app = buildApp({
    log,
    metrics,
    lifecycle: (): Lifecycle => ({
      ready: lifecycle.ready && certificate.ready(),
      draining: lifecycle.draining,
    }),
    settings: configuration.settings,
    facts: () => ({ now: Date.now() }),
    tls,
  });
  const metricsApp = buildMetricsApp(metrics);
  const certificate = followCertificate(options, tls, app, metrics, log);
  const close = async (): Promise<void> => {
    configuration.watch?.stop();
    await certificate.stop();
    await closeApps(app, metricsApp);
  };
  const addresses = await listen(options, app, metricsApp).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  lifecycle.ready = true;
  log.info({ ...addresses }, 'listening');
  return {
    ...addresses,
    stop: async () => {
      lifecycle.draining = true;
      log.info({ drainMs: options.drainMs }, 'draining');
      await sleep(options.drainMs);
      await close();
      log.info({}, 'stopped');
    },
  };
}

async function closeApps(app: HttpsApp, metricsApp: FastifyInstance): Promise<void> {
  // Node waits for a connection that never carried a request as for one that is busy.
  const last = setTimeout(() => {
    app.server.closeAllConnections();
  }, LAST_ANSWERS_MS);
  await Promise.all([app.close(), metricsApp.close()]);
  clearTimeout(last);
}

async function listen(
  { host: wanted, port, metricsPort }: ServeOptions,
  app: HttpsApp,
  metricsApp: FastifyInstance,
): Promise<{ readonly url: string; readonly metricsUrl: string }> {
  const host = hostFor(wanted, networkInterfaces());
  const url = await app.listen({ host, port });
  return { url, metricsUrl: `${await metricsApp.listen({ host, port: metricsPort })}/metrics` };
}

interface WatchedConfiguration {
  readonly settings: () => Settings;
  readonly watch?: Watch;
}

function watchConfiguration(
  { config, watchMs }: ServeOptions,
  metrics: Metrics,
  log: Logger,
): WatchedConfiguration {
  if (config === undefined) {
    const settings = defaultSettings();
    return { settings: () => settings };
  }
  const text = readGiven('--config', config);
  let settings = loadConfiguration(text, config);
  metrics.reloaded('configuration', true);
  const failed = (error: unknown): void => {
    metrics.reloaded('configuration', false);
    const mistakes = error instanceof ConfigurationError ? error.mistakes : [];
    log.error(
      { mistakes, ...errorFields(error) },
      'the new configuration is broken; the last good one stays',
    );
  };
  const watch = watchFiles([config], [text], watchMs, {
    error: failed,
    change: ([changed = '']) => {
      try {
        settings = loadConfiguration(changed, config);
        metrics.reloaded('configuration', true);
        log.info({ file: config }, 'configuration reloaded');
      } catch (error) {
        failed(error);
      }
    },
  });
  return { settings: () => settings, watch };
}

interface Pem {
  readonly cert: string;
  readonly key: string;
}

function readCertificate(options: ServeOptions, metrics: Metrics): Pem {
  const cert = readGiven('--tls-cert', options.tlsCert);
  const key = readGiven('--tls-key', options.tlsKey);
  const pair = certificatePair(cert, key);
  metrics.certificateExpires(pair.expires);
  metrics.reloaded('certificate', true);
  return pair;
}

/** Without one the server does not start, so nothing goes on watching for it. */
function firstCertificate(options: ServeOptions, metrics: Metrics, watch: Watch | undefined): Pem {
  if (options.selfManaged !== undefined) return options.selfManaged.placeholder;
  try {
    return readCertificate(options, metrics);
  } catch (error) {
    watch?.stop();
    throw error;
  }
}

interface FollowedCertificate {
  readonly ready: () => boolean;
  readonly stop: () => void | Promise<void>;
}

/** Serves each new certificate, from the files or from the Secret. */
function followCertificate(
  options: ServeOptions,
  tls: Pem,
  app: HttpsApp,
  metrics: Metrics,
  log: Logger,
): FollowedCertificate {
  if (options.selfManaged === undefined) {
    return { ready: () => true, ...watchCertificate(options, tls, app, metrics, log) };
  }
  return options.selfManaged.start({
    log,
    use: (pair) => {
      useCertificate(pair, app, metrics, log);
    },
    failing: (failing) => {
      metrics.reloaded('certificate', !failing);
    },
  });
}

/** New handshakes use it; connections that are open go on. */
function useCertificate(
  { cert, key, expires }: CertificatePair,
  app: HttpsApp,
  metrics: Metrics,
  log: Logger,
): void {
  app.server.setSecureContext({ cert, key });
  metrics.certificateExpires(expires);
  metrics.reloaded('certificate', true);
  log.info({ expires: expires.toISOString() }, 'certificate reloaded');
}

function watchCertificate(
  { tlsCert, tlsKey, watchMs }: ServeOptions,
  current: Pem,
  app: HttpsApp,
  metrics: Metrics,
  log: Logger,
): Watch {
  const failed = (error: unknown): void => {
    metrics.reloaded('certificate', false);
    const problem = error instanceof CertificateError ? error.message : undefined;
    log.error(
      { problem, ...errorFields(error) },
      'the new certificate is broken; the last good one stays',
    );
  };
  return watchFiles([tlsCert, tlsKey], [current.cert, current.key], watchMs, {
    error: failed,
    change: ([cert = '', key = '']) => {
      try {
        useCertificate(certificatePair(cert, key), app, metrics, log);
      } catch (error) {
        failed(error);
      }
    },
  });
}
