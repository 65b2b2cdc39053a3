import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Authority } from '../../../src/certs/authorities.ts';
import type { Stored } from '../../../src/certs/stored.ts';
import { DELAY, fakePair, LIFE, POLL, World, type Replica } from './world.ts';

const RUNS = 500;
const REPLICAS = 3;

interface Move {
  /** Time that passes, as a part of the poll interval. */
  readonly pause: number;
  readonly who: number;
  readonly chaos?: string | undefined;
}

const moves = (...chaos: readonly string[]): fc.Arbitrary<Move[]> =>
  fc.array(
    fc.record({
      pause: fc.double({ min: 0, max: 1, noNaN: true }),
      who: fc.nat(REPLICAS - 1),
      chaos:
        chaos.length === 0
          ? fc.constant(undefined)
          : fc.oneof(
              { weight: 30, arbitrary: fc.constant(undefined) },
              { weight: 1, arbitrary: fc.constantFrom(...chaos) },
            ),
    }),
    { minLength: 100, maxLength: 400 },
  );

const FOREIGN: Authority = { pem: 'foreign\n', expires: Infinity };

const except = (before: Stored, slot: 'current' | 'next'): Stored =>
  Object.fromEntries(Object.entries(before).filter(([key]) => key !== slot)) as unknown as Stored;

const CHAOS: Readonly<Record<string, (world: World, replica: Replica) => void>> = {
  restart: (world, replica) => {
    world.restart(replica);
  },
  wipe: (world) => {
    world.tamper(() => ({ previous: [], problems: [] }));
  },
  corruptCurrent: (world) => {
    world.tamper((before) => except(before, 'current'));
  },
  corruptNext: (world) => {
    world.tamper((before) => except(before, 'next'));
  },
  losePrevious: (world) => {
    world.tamper((before) => ({ ...before, previous: [] }));
  },
  // Some time in which no replica gets through to the API server. A CA that is not in the Secret any
  // more is kept for three delays only, so not one after another.
  outage: (world) => {
    if (world.now - world.outageAt < 6 * DELAY) return;
    for (const replica of world.replicas) replica.seen = {};
    world.now += DELAY * 2.5;
    world.outageAt = world.now;
  },
  empty: (world) => {
    world.reset({ entries: [[], []] });
  },
  emptyOne: (world) => {
    const { bundles } = world;
    world.reset({ ...bundles, entries: [[], ...bundles.entries.slice(1)] });
  },
  foreign: (world) => {
    world.reset({ entries: [[FOREIGN], []], addedAt: world.now + 1000 * LIFE });
  },
};

/** Plays the moves and gives back the world with everything that went wrong. */
function play(list: readonly Move[]): { readonly world: World; readonly wrong: string[] } {
  const world = new World(REPLICAS);
  const wrong: string[] = [];
  const step = (replica: Replica): void => {
    world.advance(replica);
    wrong.push(...world.untrusted());
  };
  for (const { pause, who, chaos } of list) {
    world.now += pause * POLL;
    const [replica = world.replicas[0], ...others] = [
      ...world.replicas.slice(who),
      ...world.replicas.slice(0, who),
    ];
    if (replica === undefined) break;
    if (chaos !== undefined) CHAOS[chaos]?.(world, replica);
    wrong.push(...world.untrusted());
    for (const other of others) {
      if (world.now - other.lookedAt > POLL) while (!finishes(world, other)) wrong.push(...world.untrusted());
    }
    step(replica);
  }
  return { world, wrong };
}

/** Goes on with a look; true when it is over. */
function finishes(world: World, replica: Replica): boolean {
  world.advance(replica);
  return replica.seen.bundle === undefined;
}

/** Quiet until everything must have come to rest. */
function settle(world: World): void {
  for (let time = 0; time < LIFE * 3; time += POLL) {
    world.now += POLL;
    for (const replica of world.replicas) {
      for (let look = 0; look < 5; look += 1) while (!finishes(world, replica));
    }
  }
}

const cheap = { numRuns: RUNS };

describe('a renewal', () => {
  it('never takes away the CA of a certificate that is served, whatever the replicas’ order', () => {
    fc.assert(
      fc.property(moves(), (list) => {
        expect(play(list).wrong.slice(0, 3)).toEqual([]);
      }),
      cheap,
    );
  });

  it('nor when the Secret is emptied or corrupted, replicas restart or are cut off', () => {
    fc.assert(
      fc.property(
        moves('restart', 'wipe', 'corruptCurrent', 'corruptNext', 'losePrevious', 'outage'),
        (list) => {
          expect(play(list).wrong.slice(0, 3)).toEqual([]);
        },
      ),
      cheap,
    );
  });

  it('nor in any bundle of ours when somebody else resets them', () => {
    fc.assert(
      fc.property(moves('restart', 'empty', 'emptyOne', 'foreign', 'outage'), (list) => {
        expect(play(list).wrong.slice(0, 3)).toEqual([]);
      }),
      cheap,
    );
  });

  it('comes to rest after anything: all serve the one current pair, and only ours are trusted', () => {
    fc.assert(
      fc.property(moves(...Object.keys(CHAOS)), (list) => {
        const { world } = play(list);
        settle(world);
        const { stored, bundles, replicas, now } = world;
        const certs = new Set(replicas.map(({ serving }) => serving?.cert));
        const ours = [stored.current?.ca, stored.next?.ca, ...stored.previous].map((ca) => ca?.pem);

        expect(stored.current?.expires).toBeGreaterThan(now);
        expect(certs.size).toBeLessThanOrEqual(2); // while it is being switched
        for (const { serving, readyAt } of replicas) {
          expect(serving?.expires).toBeGreaterThan(now);
          expect(readyAt).toBeDefined();
        }
        for (const entry of bundles.entries) {
          expect(entry.length).toBeLessThanOrEqual(3);
          for (const { pem } of entry) expect(ours).toContain(pem);
        }
      }),
      { numRuns: 150 },
    );
  });

  it('renews for ever, each time before the old one has expired', () => {
    const world = new World(REPLICAS);
    const served = new Set<string>();
    let least = Infinity;
    for (let time = 0; time < LIFE * 20; time += POLL) {
      world.now += POLL;
      for (const replica of world.replicas) {
        for (let look = 0; look < 4; look += 1) while (!finishes(world, replica));
        served.add(replica.serving?.cert ?? '');
        least = Math.min(least, (replica.serving?.expires ?? 0) - world.now);
      }
      expect(world.untrusted()).toEqual([]);
    }

    expect(served.size).toBeGreaterThan(20);
    expect(served.size).toBeLessThan(35);
    expect(least).toBeGreaterThan(0);
  });

  it('of three replicas that start at once makes one pair', () => {
    const world = new World(REPLICAS);
    for (let round = 0; round < 30; round += 1) {
      for (const replica of world.replicas) world.advance(replica);
      world.now += 1;
    }

    expect(new Set(world.replicas.map(({ serving }) => serving?.cert)).size).toBe(1);
    expect(world.bundles.entries.map((entry) => entry.length)).toEqual([1, 1]);
    expect(fakePair(0).covers).toBe(true);
  });
});
