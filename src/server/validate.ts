import type { HttpsApp } from './app.ts';
import { answer, failedAnswer, reviewOf, type Answer } from '../admission/answer.ts';
import { parseReview, type AdmissionRequest } from '../admission/review.ts';
import type { Facts } from '../engine/facts.ts';
import type { Settings } from '../engine/settings.ts';
import { HttpRefusal } from './errors.ts';
import { errorFields } from './log-fields.ts';
import type { Logger } from './logger.ts';
import { decisionOf, type Metrics } from './metrics.ts';

export interface Judging {
  readonly settings: () => Settings;
  readonly facts: () => Facts;
}

type Deps = Judging & { readonly log: Logger; readonly metrics: Metrics };

/** `POST /validate?timeout=10s`: an AdmissionReview in, the same with its response out. */
export function validateRoute(app: HttpsApp, deps: Deps): void {
  const arrived = new WeakMap<object, number>();
  app.addHook('onRequest', (request, _reply, done) => {
    arrived.set(request, performance.now());
    done();
  });
  app.post<{ Querystring: { timeout?: unknown } }>('/validate', (request) => {
    const admission = parseReview(request.body);
    const start = performance.now();
    const limit = timeoutMs(request.query.timeout);
    if (start - (arrived.get(request) ?? start) > limit) {
      // The API server has given up: the body came too slowly, and no answer would be read.
      deps.log.warn({ uid: admission.uid, timeoutMs: limit }, 'too late to answer');
      throw new HttpRefusal('too-late');
    }
    return reviewOf(decide(admission, deps, start).response);
  });
}

function decide(request: AdmissionRequest, deps: Deps, start: number): Answer {
  const settings = deps.settings();
  try {
    const made = answer(request, settings, deps.facts());
    const seconds = (performance.now() - start) / 1000;
    deps.metrics.observe(request, made, seconds);
    logDecision(request, made, seconds, deps.log);
    return made;
  } catch (error) {
    deps.metrics.failed(request);
    deps.log.error({ uid: request.uid, ...errorFields(error) }, 'could not judge');
    return failedAnswer(request, settings);
  }
}

function logDecision(
  { uid, requester, operation, kind, subresource, namespace }: AdmissionRequest,
  made: Answer,
  seconds: number,
  log: Logger,
): void {
  const { findings, unjudged } = made.verdict;
  const decision = decisionOf(made);
  const fields = {
    uid,
    user: requester.username,
    operation,
    kind,
    subresource: subresource === '' ? undefined : subresource,
    object: namespace === '' ? made.name : `${namespace}/${made.name}`,
    decision,
    policies: [...new Set(findings.map(({ policy, mode }) => `${policy}:${mode}`))],
    notJudged: unjudged.length === 0 ? undefined : unjudged.length,
    durationMs: Math.round(seconds * 1e6) / 1000,
  };
  log.info(fields, 'decision');
}

const UNITS: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000 };

/** Milliseconds of a Go duration as the API server sends it (`10s`); without one, no limit. */
function timeoutMs(text: unknown): number {
  const match = typeof text === 'string' ? /^(\d+(?:\.\d+)?)(ms|s|m)$/.exec(text) : null;
  const unit = UNITS[match?.[2] ?? ''];
  return match === null || unit === undefined ? Infinity : Number(match[1]) * unit;
}
