// Keeps a replica's certificate: looks at the Secret and the caBundles, serves what they say, and takes
// the next step of a renewal when it is this replica's turn.
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from '../cluster/errors.ts';
import { errorFields } from '../server/log-fields.ts';
import type { Logger } from '../server/logger.ts';
import { readAuthorities } from './authorities.ts';
import type { IssuedCertificates } from './issue.ts';
import { holdsCa, nextStep, pairToServe, propagationDelay, type Situation, type Step } from './plan.ts';
import type { CertificateStore, Seen, WebhookBundles } from './store.ts';
import { issuedPair, readStored, writeStored, type SecretData, type Stored, type StoredPair } from './stored.ts';

export interface KeeperOptions {
  readonly store: CertificateStore;
  /** What the serving certificate must hold: DNS names or IP addresses. */
  readonly names: readonly string[];
  /** Of a new certificate, in ms. */
  readonly life: number;
  /** How often to look, in ms, at most; a short life asks for more. */
  readonly pollMs: number;
  readonly issue: () => Promise<IssuedCertificates>;
  readonly now: () => number;
}

/** What the server does with it. */
export interface KeeperEvents {
  readonly log: Logger;
  readonly use: (pair: { readonly cert: string; readonly key: string; readonly expires: Date }) => void;
  /** Once for each series of failures, and once when it is over. */
  readonly failing: (failing: boolean) => void;
}

export interface CertificateKeeper {
  /** A valid certificate is served, and every caBundle has held its CA. */
  ready(): boolean;
  stop(): Promise<void>;
}

/** Certificates for a server that has none of its own; a keeper's events say which to serve. */
export interface SelfManaged {
  /** To listen with until there is one that the API server trusts. PEM texts. */
  readonly placeholder: { readonly cert: string; readonly key: string };
  readonly start: (events: KeeperEvents) => CertificateKeeper;
}

/** At most so long between two tries while the API server does not answer. */
const BACKOFF_MS = 15_000;
/** Between two looks while there is something to wait for. */
const SOON_MS = 500;
const STOP_MS = 2000;
/** Issue, publish and switch, each once more for a conflict, and room. */
const STEPS = 10;

interface Keeping extends KeeperOptions, KeeperEvents {
  readonly state: {
    serving?: StoredPair;
    trusted: boolean;
    failures: number;
    /** What was logged last, so that it is not said every few seconds. */
    said: string;
  };
}

/** Starts to look, at once and then again and again. */
export function startKeeper(options: KeeperOptions, events: KeeperEvents): CertificateKeeper {
  const state: Keeping['state'] = { trusted: false, failures: 0, said: '' };
  const keeping: Keeping = { ...options, ...events, state };
  const stopping = new AbortController();
  const running = keepLooking(keeping, stopping.signal);
  return {
    ready: () =>
      state.trusted && state.serving !== undefined && options.now() < state.serving.expires,
    stop: async () => {
      stopping.abort();
      // Its turn is over in milliseconds, unless the API server does not answer.
      await Promise.race([running, sleep(STOP_MS, undefined, { ref: false })]);
    },
  };
}

async function keepLooking(keeping: Keeping, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const pause = await round(keeping);
    await sleep(pause, undefined, { signal }).catch(() => undefined);
  }
}

/** Milliseconds until the next one. */
async function round(keeping: Keeping): Promise<number> {
  const { state } = keeping;
  try {
    const settled = await turn(keeping);
    if (state.failures > 0) keeping.failing(false);
    state.failures = 0;
    const poll = Math.min(keeping.pollMs, propagationDelay(keeping.life) / 3);
    return settled && state.trusted ? Math.max(poll, 100) : Math.min(poll, SOON_MS);
  } catch (error) {
    if (state.failures === 0) keeping.failing(true);
    state.failures += 1;
    tellFailure(keeping, error);
    // Spread out, so that replicas do not all come back at once.
    return Math.min(BACKOFF_MS, SOON_MS * 2 ** state.failures) * (0.5 + Math.random() / 2);
  }
}

function tellFailure(keeping: Keeping, error: unknown): void {
  const told = error instanceof ClusterError ? error.message : undefined;
  const fields = told === undefined ? errorFields(error) : { problem: told };
  say(keeping, 'error', JSON.stringify(fields), fields, 'cannot look after the certificate; trying again');
}

/** Says it at this level the first time, then at debug until something else is said. */
function say(
  { state, log }: Keeping,
  level: 'warn' | 'error',
  key: string,
  ...line: Parameters<Logger['warn']>
): void {
  log[state.said === key ? 'debug' : level](...line);
  state.said = key;
}

/** Looks, and does what there is to do if this replica gets the turn; false when something is left. */
async function turn(keeping: Keeping): Promise<boolean> {
  const { store } = keeping;
  if ((await look(keeping)).step.do === 'wait') return true;
  if (!(await store.acquire())) return false;
  try {
    for (let count = 0; count < STEPS; count += 1) {
      const seen = await look(keeping);
      if (seen.step.do === 'wait') return true;
      await take(keeping, seen);
    }
    return false;
  } finally {
    // It ends by itself, too, if later.
    await store.release().catch((error: unknown) => {
      keeping.log.debug(errorFields(error), 'the lease was not released');
    });
  }
}

interface Look {
  readonly bundles: Seen<WebhookBundles>;
  readonly secret: Seen<SecretData>;
  readonly stored: Stored;
  readonly step: Step;
}

async function look(keeping: Keeping): Promise<Look> {
  const { store, names, life } = keeping;
  // In this order: a CA is in the Secret before it is in a bundle, so none of ours looks foreign.
  const bundles = await store.readBundles();
  const secret = await store.readSecret();
  const stored = readStored(secret.content, names);
  const addedAt = Date.parse(bundles.content.addedAt ?? '');
  const situation: Situation = {
    stored,
    bundles: {
      entries: bundles.content.bundles.map(readAuthorities),
      ...(Number.isNaN(addedAt) ? {} : { addedAt }),
    },
    now: keeping.now(),
    life,
  };
  if (stored.problems.length > 0) {
    const { problems } = stored;
    say(keeping, 'warn', problems.join(), { problems }, 'the Secret has certificates that cannot be used');
  }
  serve(keeping, situation);
  return { bundles, secret, stored, step: nextStep(situation) };
}

function serve(keeping: Keeping, situation: Situation): void {
  const { state } = keeping;
  const pair = pairToServe(situation, state.serving);
  if (pair === undefined) return;
  const isNew = pair.cert !== state.serving?.cert;
  state.serving = pair;
  if (isNew) keeping.use({ cert: pair.cert, key: pair.key, expires: new Date(pair.expires) });
  // Ready once is ready on: a bundle that somebody emptied is filled again within a look, and endpoints
  // that leave and come back would only make the gap longer.
  state.trusted ||= holdsCa(situation.bundles, pair.ca);
}

async function take(keeping: Keeping, { step, secret, bundles }: Look): Promise<void> {
  const { store, names, log } = keeping;
  if (step.do === 'wait') return;
  if (step.do === 'publish') {
    const addedAt = new Date(step.addedAt).toISOString();
    const done = await store.writeBundles(bundles, { bundles: step.bundles, addedAt });
    if (done) log.info({ entries: step.bundles.length }, 'caBundle written');
    return;
  }
  if (step.do === 'switch') {
    const done = await store.writeSecret(secret, writeStored(secret.content, step.to));
    if (done) log.info({}, 'the next certificate is the current one');
    return;
  }
  const next = issuedPair(await keeping.issue(), names);
  const done = await store.writeSecret(secret, writeStored(secret.content, { ...step.keep, next }));
  if (done) log.info({ expires: new Date(next.expires).toISOString() }, 'certificate issued');
}
