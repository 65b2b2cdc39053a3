import { fastify, type FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

/** `/metrics` over plain HTTP on a port of its own, so that a scraper needs no certificate of ours. */
export function buildMetricsApp(metrics: Metrics): FastifyInstance {
  const app = fastify({ logger: false, forceCloseConnections: true });
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.text()),
  );
  return app;
}
