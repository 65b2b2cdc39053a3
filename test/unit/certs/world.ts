// A cluster as renewals see it: a Secret and a webhook configuration with versions, and replicas that
// look at them one read or write at a time, in any order.
import type { Authority } from '../../../src/certs/authorities.ts';
import {
  holdsCa,
  nextStep,
  pairToServe,
  type Bundles,
  type Situation,
} from '../../../src/certs/plan.ts';
import type { Stored, StoredPair } from '../../../src/certs/stored.ts';

export const LIFE = 90_000;
/** What plan.ts makes of that life. */
export const DELAY = 10_000;
/** Every replica begins a look at least this often, and ends it in as long again. */
export const POLL = DELAY / 6;
/** How long an API server may judge by an older bundle: the delay runs from before the write. */
const PROPAGATION = DELAY - 2 * POLL;
export const START = Date.parse('2026-01-01T00:00:00Z');

let count = 0;

/** A pair without any cryptography. */
export function fakePair(issued: number, life = LIFE, covers = true): StoredPair {
  count += 1;
  const expires = issued + life;
  const ca: Authority = { pem: `ca-${count}\n`, expires };
  return { ca, cert: `cert-${count}`, key: `key-${count}`, issued, expires, covers };
}

export interface Version extends Bundles {
  readonly from: number;
  /** Written by a replica, not by somebody else. */
  readonly ours: boolean;
}

export interface Replica {
  serving?: StoredPair;
  /** When it became ready, in ms since 1970. */
  readyAt?: number;
  lookedAt: number;
  /** What it has read and not yet acted upon. */
  seen: { readonly bundle?: number; readonly secret?: number; readonly situation?: Situation };
}

export class World {
  now = START;
  outageAt = 0;
  readonly entries = 2;
  stored: Stored = { previous: [], problems: [] };
  private secretVersion = 0;
  readonly history: Version[] = [{ from: START, ours: false, entries: [[], []] }];
  readonly replicas: readonly Replica[];

  constructor(replicas: number) {
    this.replicas = Array.from({ length: replicas }, () => ({ lookedAt: START, seen: {} }));
  }

  get bundles(): Version {
    return this.history.at(-1) ?? { from: START, ours: false, entries: [] };
  }

  /** Somebody else writes the Secret. */
  tamper(change: (stored: Stored) => Stored): void {
    this.stored = change(this.stored);
    this.secretVersion += 1;
  }

  /** Somebody else writes the webhook configuration. */
  reset(bundles: Bundles): void {
    this.history.push({ ...bundles, from: this.now, ours: false });
  }

  restart(replica: Replica): void {
    delete replica.serving;
    delete replica.readyAt;
    replica.seen = {};
  }

  /** One read or one write. */
  advance(replica: Replica): void {
    const { seen } = replica;
    if (seen.bundle === undefined) {
      replica.lookedAt = this.now;
      replica.seen = { bundle: this.history.length - 1 };
    } else if (seen.situation === undefined) {
      this.look(replica, seen.bundle);
    } else {
      this.write(replica, seen.situation);
      replica.seen = {};
    }
  }

  private look(replica: Replica, bundle: number): void {
    const bundles = this.history[bundle] ?? this.bundles;
    const situation: Situation = { stored: this.stored, bundles, now: this.now, life: LIFE };
    const pair = pairToServe(situation, replica.serving);
    if (pair !== undefined) {
      replica.serving = pair;
      if (holdsCa(bundles, pair.ca)) replica.readyAt ??= this.now;
    }
    replica.seen = { bundle, secret: this.secretVersion, situation };
  }

  private write({ seen }: Replica, situation: Situation): void {
    const step = nextStep(situation);
    if (step.do === 'wait') return;
    if (step.do === 'publish') {
      // The resourceVersion is another one when it has changed since.
      if (seen.bundle !== this.history.length - 1) return;
      const entries = step.bundles.map((text) => this.authorities(text));
      this.history.push({ entries, addedAt: step.addedAt, from: this.now, ours: true });
      return;
    }
    if (seen.secret !== this.secretVersion) return;
    this.secretVersion += 1;
    this.stored =
      step.do === 'switch'
        ? { ...step.to, problems: [] }
        : { ...step.keep, next: fakePair(this.now), problems: [] };
    for (const pair of [this.stored.current, this.stored.next]) {
      if (pair !== undefined) this.known.set(pair.ca.pem, pair.ca);
    }
  }

  private readonly known = new Map<string, Authority>();

  private authorities(text: string): readonly Authority[] {
    return text
      .split(/(?<=\n)/)
      .flatMap((pem) => this.known.get(pem) ?? { pem, expires: START + 100 * LIFE });
  }

  /** The webhook calls that can fail now: a replica's certificate that some API server does not trust. */
  untrusted(): readonly string[] {
    const current = this.history.filter(({ from }, index) => {
      const until = this.history[index + 1]?.from ?? Infinity;
      return until > this.now - PROPAGATION && from <= this.now;
    });
    return this.replicas.flatMap(({ serving, readyAt }) => {
      if (serving === undefined || readyAt === undefined || this.now >= serving.expires) return [];
      return current
        .filter(({ ours, from }, index) => {
          const until = current[index + 1]?.from ?? Infinity;
          return ours && until > readyAt && from <= this.now;
        })
        .filter((version) => !holdsCa(version, serving.ca))
        .map(({ from }) => `${serving.cert} at ${this.now - START} by the bundle of ${from - START}`);
    });
  }
}
