import { issueCertificates } from '../../src/certs/issue.ts';
import { defaultSettings } from '../../src/config/load.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { buildApp } from '../../src/server/app.ts';
import { createLogger } from '../../src/server/logger.ts';
import type { LogLevel } from '../../src/server/log-fields.ts';
import { createMetrics } from '../../src/server/metrics.ts';
import { Agent } from 'node:https';
import { call, type Call, type Reply } from './client.ts';
import { FIXTURE_DAY } from './fixtures.ts';
import type { Facts } from '../../src/engine/facts.ts';

/** The real app over real HTTPS, with its log and metrics within reach. */
export interface TestApp {
  readonly url: string;
  readonly caCert: string;
  readonly log: readonly string[];
  readonly lifecycle: { ready: boolean; draining: boolean };
  settings: Settings;
  facts: () => Facts;
  send(given: Call): Promise<Reply>;
  metrics(): Promise<string>;
  close(): Promise<void>;
}

export async function startApp(level: LogLevel = 'trace'): Promise<TestApp> {
  const { caCert, cert, key } = await issueCertificates(['localhost'], 1, new Date());
  const agent = new Agent({ keepAlive: true, maxSockets: 8 });
  const log: string[] = [];
  const metrics = createMetrics();
  const lifecycle = { ready: true, draining: false };
  const app = buildApp({
    log: createLogger(level, { write: (line) => void log.push(line) }),
    metrics,
    lifecycle: () => lifecycle,
    settings: () => started.settings,
    facts: () => started.facts(),
    tls: { cert, key },
  });
  await app.listen({ host: 'localhost', port: 0 });
  const { port } = app.server.address() as { port: number };
  const url = `https://localhost:${port}`;
  const started: TestApp = {
    url,
    caCert,
    log,
    lifecycle,
    settings: defaultSettings(),
    facts: () => ({ now: FIXTURE_DAY }),
    send: (given) => call(url, caCert, { agent, ...given }),
    metrics: () => metrics.text(),
    close: async () => {
      agent.destroy();
      await app.close();
    },
  };
  return started;
}
