import { describe, expect, it } from '@jest/globals';
import type { Authority } from '../../../src/certs/authorities.ts';
import {
  nextStep,
  pairToServe,
  propagationDelay,
  type Bundles,
  type Situation,
} from '../../../src/certs/plan.ts';
import type { Stored, StoredPair } from '../../../src/certs/stored.ts';
import { DELAY, fakePair, LIFE, START } from './world.ts';

const FOREIGN: Authority = { pem: 'foreign\n', expires: Infinity };

interface Case {
  readonly stored?: Partial<Stored>;
  /** The CAs of the one entry, and when one was added. */
  readonly trusted?: readonly (StoredPair | Authority)[];
  readonly addedAt?: number;
  readonly now?: number;
  readonly life?: number;
}

const authority = (each: StoredPair | Authority): Authority => ('ca' in each ? each.ca : each);

function situation({ stored, trusted = [], addedAt, now = START, life = LIFE }: Case): Situation {
  const bundles: Bundles = {
    entries: [trusted.map(authority)],
    ...(addedAt === undefined ? {} : { addedAt }),
  };
  return { stored: { previous: [], problems: [], ...stored }, bundles, now, life };
}

/** The kind of the next step, with the CAs that it publishes. */
function step(given: Case): string {
  const next = nextStep(situation(given));
  return next.do === 'publish' ? `publish ${next.bundles.join()}`.replaceAll('\n', ' ') : next.do;
}

const pems = (...pairs: readonly (StoredPair | Authority)[]): string =>
  `publish ${pairs.map((each) => authority(each).pem).join('')}`.replaceAll('\n', ' ');

describe('the next step', () => {
  const current = fakePair(START);
  const next = fakePair(START + LIFE * 0.7);
  const steady = { stored: { current }, trusted: [current], addedAt: START };
  const renewing = { current, next };

  it('of a new install: issue, publish, switch at once, then wait', () => {
    const first = fakePair(START);

    expect(step({})).toBe('issue');
    expect(step({ stored: { next: first } })).toBe(pems(first));
    expect(step({ stored: { next: first }, trusted: [first], addedAt: START })).toBe('switch');
    expect(step(steady)).toBe('wait');
  });

  it('of a renewal: at two thirds of the life, the CA first, the pair after the delay', () => {
    const due = START + (LIFE * 2) / 3;
    const added = due + 500;
    const both = { stored: renewing, trusted: [current, next], addedAt: added };

    expect(step({ ...steady, now: due - 1 })).toBe('wait');
    expect(step({ ...steady, now: due })).toBe('issue');
    expect(step({ ...steady, stored: renewing, now: added })).toBe(pems(current, next));
    expect(step({ ...both, now: added + DELAY - 1 })).toBe('wait');
    expect(step({ ...both, now: added + DELAY })).toBe('switch');
    expect(nextStep(situation({ ...both, now: added + DELAY }))).toMatchObject({
      to: { current: next, previous: [current.ca], switchedAt: added + DELAY },
    });
  });

  it('after it: the old CA leaves when it has expired, not before', () => {
    const after = {
      stored: { current: next, previous: [current.ca], switchedAt: START },
      trusted: [current, next],
      addedAt: START,
    };

    expect(step({ ...after, now: START + LIFE - 1 })).toBe('wait');
    expect(step({ ...after, now: START + LIFE })).toBe(pems(next));
  });

  it('issues for a name that is missing and for a life that was made shorter', () => {
    const other = fakePair(START, LIFE, false);

    expect(step({ ...steady, stored: { current: other }, trusted: [other] })).toBe('issue');
    expect(step({ ...steady, now: START + 7000, life: 10_000 })).toBe('issue');
    expect(step({ ...steady, now: START + 7000, life: LIFE * 100 })).toBe('wait');
  });

  it('makes a next one anew that has grown old or lacks a name: nobody serves it', () => {
    const now = START + LIFE * 0.7;

    for (const bad of [fakePair(START - LIFE), fakePair(now, LIFE, false)]) {
      expect(step({ ...steady, stored: { current, next: bad }, now })).toBe('issue');
    }
  });

  it('puts back what a bundle lacks, with a new time', () => {
    const now = START + 50;

    expect(nextStep(situation({ ...steady, trusted: [], now }))).toEqual({
      do: 'publish',
      bundles: [current.ca.pem],
      addedAt: now,
    });
    expect(step({ ...steady, stored: { current, previous: [next.ca] } })).toBe(
      pems(current, next),
    );
  });

  it('writes a time that is missing or lies in the future', () => {
    const timeless = { stored: steady.stored, trusted: steady.trusted };

    for (const given of [timeless, { ...steady, addedAt: START + LIFE }]) {
      expect(nextStep(situation(given))).toMatchObject({ do: 'publish', addedAt: START });
    }
  });

  it('takes out a CA that is not ours only when all have the current pair, keeping the time', () => {
    const foreign = { ...steady, trusted: [current, FOREIGN] };

    expect(step({ ...foreign, now: START + 3 * DELAY - 1 })).toBe('wait');
    expect(nextStep(situation({ ...foreign, now: START + 3 * DELAY }))).toEqual({
      do: 'publish',
      bundles: [current.ca.pem],
      addedAt: START,
    });
    const switchedAt = START + DELAY;
    const late = { ...foreign, stored: { current, switchedAt } };
    expect(step({ ...late, now: START + 3 * DELAY })).toBe('wait');
    expect(step({ ...late, now: START + 4 * DELAY })).toBe(pems(current));
  });

  it('after the Secret was emptied keeps what replicas may serve, and gives it time', () => {
    const made = fakePair(START);
    const both = { stored: { next: made }, trusted: [made, current], addedAt: START };

    expect(step({ trusted: [current] })).toBe('issue');
    expect(step({ stored: { next: made }, trusted: [current] })).toBe(pems(made, current));
    expect(step({ ...both, now: START + DELAY - 1 })).toBe('wait');
    expect(step({ ...both, now: START + DELAY })).toBe('switch');
  });

  it('when the current one has expired makes another, and switches at once when none is served', () => {
    const now = START + LIFE;
    const made = fakePair(now);

    expect(step({ ...steady, now })).toBe('issue');
    expect(nextStep(situation({ ...steady, now }))).toEqual({ do: 'issue', keep: { previous: [] } });
    const stored = { current, next: made };
    expect(step({ stored, trusted: [current, made], addedAt: now, now })).toBe(pems(made));
    expect(step({ stored, trusted: [made], addedAt: now, now })).toBe('switch');
  });

  it('is one for a configuration without entries too', () => {
    const none = { entries: [], addedAt: START };
    const given = { ...situation(steady), bundles: none };

    expect(nextStep(given)).toEqual({ do: 'wait' });
    expect(nextStep({ ...given, bundles: { entries: [] } })).toMatchObject({ bundles: [] });
  });
});

describe('the pair to serve', () => {
  const old = fakePair(START);
  const current = fakePair(START + 1000);
  const given = { stored: { current }, trusted: [old, current], addedAt: START };

  it('is the current one at once when there is nothing to lose', () => {
    const now = START + LIFE;

    expect(pairToServe(situation({ stored: { current } }), undefined)).toBe(current);
    expect(pairToServe(situation({ stored: { current }, now }), old)).toBe(current);
  });

  it('is the current one once it is trusted everywhere, else the one before', () => {
    const now = START + DELAY;

    expect(pairToServe(situation({ ...given, now: now - 1 }), old)).toBe(old);
    expect(pairToServe(situation({ ...given, now }), old)).toBe(current);
    expect(pairToServe(situation({ ...given, trusted: [old], now }), old)).toBe(old);
  });

  it('stays when the Secret holds none that can be used', () => {
    const expired = fakePair(START - LIFE);

    expect(pairToServe(situation({}), old)).toBe(old);
    expect(pairToServe(situation({}), undefined)).toBeUndefined();
    expect(pairToServe(situation({ stored: { current: expired } }), old)).toBe(old);
  });
});

describe('the delay', () => {
  it('is a minute, less for a short life', () => {
    expect(propagationDelay(90 * 86_400_000)).toBe(60_000);
    expect(propagationDelay(90_000)).toBe(10_000);
  });
});
