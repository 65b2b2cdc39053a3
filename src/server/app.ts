import type { Server } from 'node:https';
import {
  fastify,
  type FastifyError,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { ReviewError } from '../admission/review.ts';
import { HTTP_ERRORS, HttpRefusal, type HttpProblem } from './errors.ts';
import { errorFields } from './log-fields.ts';
import type { Logger } from './logger.ts';
import type { Metrics } from './metrics.ts';
import { validateRoute, type Judging } from './validate.ts';

/**
 * A legal UPDATE of a full-size object, escaped by the API server, stays below this; 413 would admit
 * it unjudged under failurePolicy Ignore.
 */
export const BODY_LIMIT = 24 * 1024 * 1024;

/**
 * Longer than the 90 s for which the API server keeps an idle connection: it must be the one to close.
 * Node counts a connection that never carried a request as one whose headers are late, and the API
 * server's client opens such ones in a burst and keeps them: so for headers and requests too.
 */
export const KEEP_ALIVE = 120_000;

/** HTTPS, so that the certificate can be changed while it runs. */
export type HttpsApp = FastifyInstance<Server>;

/** What the process is up to; the server answers reviews in each state. */
export interface Lifecycle {
  readonly ready: boolean;
  /** Going away: every answer closes its connection. */
  readonly draining: boolean;
}

export interface AppDeps extends Judging {
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly lifecycle: () => Lifecycle;
  /** PEM texts. */
  readonly tls: { readonly cert: string; readonly key: string };
}

/** The HTTPS app, HTTP/1.1 only (as the API server calls it), not yet listening. */
export function buildApp(deps: AppDeps): HttpsApp {
  const app: HttpsApp = fastify({
    https: {
      cert: deps.tls.cert,
      key: deps.tls.key,
      minVersion: 'TLSv1.2',
      headersTimeout: KEEP_ALIVE,
    },
    // Fastify's own logging would print raw packets and parser messages with parts of a body.
    logger: false,
    bodyLimit: BODY_LIMIT,
    keepAliveTimeout: KEEP_ALIVE,
    requestTimeout: KEEP_ALIVE,
    forceCloseConnections: 'idle',
    // A 503 is a failed webhook: while draining, reviews are still answered.
    return503OnClosing: false,
    clientErrorHandler: (error, socket) => {
      deps.log.debug(errorFields(error), 'connection failed');
      if (socket.writable) socket.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    },
  });
  addParser(app);
  app.addHook('onSend', (_request, reply, payload, done) => {
    if (deps.lifecycle().draining) reply.header('connection', 'close');
    done(null, payload);
  });
  app.setErrorHandler<FastifyError>((error, _request, reply) => refuse(deps, reply, error));
  app.setNotFoundHandler((request, reply) => notFound(deps, request, reply));
  validateRoute(app, deps);
  addHealth(app, deps);
  return app;
}

/**
 * JSON.parse alone: Fastify's own parser refuses a body with a `__proto__` key, which is a legal key of
 * a Secret's data. Objects are read by own properties only.
 */
function addParser(app: HttpsApp): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body.length === 0) {
      done(new HttpRefusal('empty-body'));
      return;
    }
    try {
      done(null, JSON.parse(body.toString()));
    } catch {
      done(new HttpRefusal('not-json'));
    }
  });
}

function addHealth(app: HttpsApp, { lifecycle }: AppDeps): void {
  app.get('/livez', (_request, reply) => reply.type('text/plain').send('ok'));
  app.get('/readyz', (_request, reply) => {
    const { ready, draining } = lifecycle();
    if (ready && !draining) return reply.type('text/plain').send('ok');
    return reply
      .code(503)
      .type('text/plain')
      .send(draining ? 'draining' : 'starting');
  });
}

const ROUTES: ReadonlyMap<string, string> = new Map([
  ['/validate', 'POST'],
  ['/livez', 'GET, HEAD'],
  ['/readyz', 'GET, HEAD'],
]);

function notFound(deps: AppDeps, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const allow = ROUTES.get(request.url.split('?')[0] ?? '');
  if (allow === undefined) return sendProblem(deps, reply, 'not-found');
  reply.header('allow', allow);
  return sendProblem(deps, reply, 'method-not-allowed');
}

const BY_CODE: ReadonlyMap<string, HttpProblem> = new Map([
  ['FST_ERR_CTP_BODY_TOO_LARGE', 'body-too-large'],
  ['FST_ERR_CTP_INVALID_MEDIA_TYPE', 'unsupported-media-type'],
  ['FST_ERR_CTP_INVALID_CONTENT_LENGTH', 'body-incomplete'],
  // Who sent it is gone, so nobody reads the answer; it is counted.
  ['ECONNRESET', 'body-incomplete'],
  ['FST_ERR_CTP_EMPTY_JSON_BODY', 'empty-body'],
]);

function refuse(deps: AppDeps, reply: FastifyReply, error: Error): FastifyReply {
  if (error instanceof ReviewError) return sendProblem(deps, reply, error.problem, error.detail);
  if (error instanceof HttpRefusal) return sendProblem(deps, reply, error.problem);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  const problem = BY_CODE.get(code) ?? 'internal';
  if (problem === 'internal') deps.log.error(errorFields(error), 'request failed');
  return sendProblem(deps, reply, problem);
}

function sendProblem(
  { log, metrics }: AppDeps,
  reply: FastifyReply,
  problem: HttpProblem,
  detail = '',
): FastifyReply {
  const { status, text } = HTTP_ERRORS[problem];
  metrics.refused(problem);
  log.warn({ problem, status, detail }, 'request refused');
  const message = detail === '' ? text : `${text}: ${detail}`;
  return reply.code(status).send({ error: problem, message });
}
