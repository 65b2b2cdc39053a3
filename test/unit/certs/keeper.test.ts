import { afterEach, describe, expect, it } from '@jest/globals';
import { issueCertificates } from '../../../src/certs/issue.ts';
import {
  startKeeper,
  type CertificateKeeper,
  type KeeperEvents,
} from '../../../src/certs/keeper.ts';
import type { CertificateStore, WebhookBundles } from '../../../src/certs/store.ts';
import type { SecretData } from '../../../src/certs/stored.ts';
import { ClusterError } from '../../../src/cluster/errors.ts';
import { isFree } from '../../../src/cluster/lease.ts';
import { createLogger } from '../../../src/server/logger.ts';
import { eventually } from '../../support/eventually.ts';

const NAMES = ['hushgate.hushgate.svc'];
const LIFE = 3_600_000;

/** A Secret, a webhook configuration of two entries and a Lease, in memory. */
function memory(): {
  secret: SecretData;
  webhook: WebhookBundles;
  holder: string;
  fail: ClusterError | undefined;
  conflicts: number;
  writes: number;
  store(identity: string): CertificateStore;
} {
  let version = 0;
  const world: ReturnType<typeof memory> = {
    secret: {},
    webhook: { bundles: ['', ''] },
    holder: '',
    fail: undefined,
    conflicts: 0,
    writes: 0,
    store: (identity) => {
      const call = <T>(action: () => T): Promise<T> =>
        world.fail === undefined ? Promise.resolve(action()) : Promise.reject(world.fail);
      const write = (object: object, action: () => void): boolean => {
        if ((object as { version: number }).version !== version) return false;
        if ((world.conflicts -= 1) >= 0) return false;
        action();
        world.writes += 1;
        version += 1;
        return true;
      };
      const seen = <T>(content: T) => ({ content, object: { version } });
      return {
        readBundles: () => call(() => seen(world.webhook)),
        readSecret: () => call(() => seen(world.secret)),
        writeBundles: ({ object }, wanted) =>
          call(() => write(object, () => (world.webhook = wanted))),
        writeSecret: ({ object }, data) => call(() => write(object, () => (world.secret = data))),
        acquire: () =>
          call(() => {
            if (world.holder !== '' && world.holder !== identity) return false;
            world.holder = identity;
            return true;
          }),
        release: () => call(() => void (world.holder = '')),
      };
    },
  };
  return world;
}

interface Watched {
  readonly keeper: CertificateKeeper;
  readonly used: string[];
  readonly failing: boolean[];
  readonly log: string[];
}

const keepers: CertificateKeeper[] = [];
afterEach(async () => {
  await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
});

function keep(store: CertificateStore): Watched {
  const used: string[] = [];
  const failing: boolean[] = [];
  const log: string[] = [];
  const events: KeeperEvents = {
    log: createLogger('debug', { write: (line) => void log.push(line) }),
    use: ({ cert }) => used.push(cert),
    failing: (is) => failing.push(is),
  };
  const issue = () => issueCertificates(NAMES, LIFE / 86_400_000, new Date());
  const options = { store, names: NAMES, life: LIFE, pollMs: 100, issue, now: Date.now };
  const keeper = startKeeper(options, events);
  keepers.push(keeper);
  return { keeper, used, failing, log };
}

const ready = ({ keeper }: Watched): Promise<true> => eventually('ready', () => keeper.ready());

describe('a keeper', () => {
  it('of three makes one pair together with the others, with three writes', async () => {
    const world = memory();
    const all = ['a', 'b', 'c'].map((identity) => keep(world.store(identity)));
    await Promise.all(all.map(ready));
    await eventually('the end of the last turn', () => world.holder === '');

    expect(new Set(all.flatMap(({ used }) => used))).toEqual(new Set([world.secret['tls.crt']]));
    expect(world.webhook.bundles).toEqual([world.secret['ca.crt'], world.secret['ca.crt']]);
    expect(world.writes).toBe(3);
  });

  it('takes up a pair that is there without a write', async () => {
    const world = memory();
    await ready(keep(world.store('a')));
    const { writes } = world;
    const later = keep(world.store('b'));
    await ready(later);

    expect([later.used, world.writes]).toEqual([[world.secret['tls.crt']], writes]);
  });

  it('waits while another has its turn', async () => {
    const world = memory();
    world.holder = 'gone';
    const store = world.store('a');
    let asked = 0;
    const acquire = (): Promise<boolean> => {
      asked += 1;
      return store.acquire();
    };
    const waiting = keep({ ...store, acquire });
    await eventually('a second try', () => asked > 1);
    expect([waiting.keeper.ready(), world.writes]).toEqual([false, 0]);
    world.holder = '';
    await ready(waiting);
  });

  it('begins a step again when somebody was faster', async () => {
    const world = memory();
    world.conflicts = 3;
    await ready(keep(world.store('a')));

    expect(world.writes).toBe(3);
  });

  it('goes on trying, says once why, and tells when it is over', async () => {
    const world = memory();
    world.fail = new ClusterError('unreachable', 'the API server is away');
    const { keeper, failing, log } = keep(world.store('a'));
    await eventually('a third try', () => log.length > 2);
    expect(keeper.ready()).toBe(false);
    expect(failing).toEqual([true]);
    const loud = log.filter((line) => line.includes('"level":"error"'));
    expect(loud).toHaveLength(1);
    expect(loud[0]).toContain('the API server is away');

    world.fail = undefined;
    await eventually('ready', () => keeper.ready());
    await eventually('the end of the failures', () => failing.length > 1);
    expect(failing).toEqual([true, false]);
  });

  it('stays ready and serving while the API server is away', async () => {
    const world = memory();
    const { keeper, failing, used } = keep(world.store('a'));
    await eventually('ready', () => keeper.ready());
    world.fail = new ClusterError('unreachable', 'away');
    await eventually('a failure', () => failing.length > 0);

    expect([keeper.ready(), used.length]).toEqual([true, 1]);
  });

  it('makes corrupt content anew, says so, and nothing of the content', async () => {
    const world = memory();
    world.secret = { 'tls.crt': 'CANARY', 'tls.key': 'CANARY', 'ca.crt': 'CANARY' };
    const watched = keep(world.store('a'));
    await ready(watched);
    const log = watched.log.join('');

    expect(world.secret['tls.crt']).toContain('BEGIN CERTIFICATE');
    expect(log).toContain('tls.crt: the certificate is not PEM');
    expect(log).not.toMatch(/CANARY|BEGIN|PRIVATE/);
  });

  it('fills a bundle again that somebody emptied, and stays ready', async () => {
    const world = memory();
    const watched = keep(world.store('a'));
    await ready(watched);
    const ca = world.secret['ca.crt'] ?? '';
    const { keeper } = watched;
    // A write of somebody else has another version; here it is enough that the content differs.
    world.webhook = { bundles: [ca, ''] };
    await eventually('the bundle', () => world.webhook.bundles[1] === ca);

    expect([keeper.ready(), watched.used.length]).toEqual([true, 1]);
  });

  it('stops, also while the API server hangs', async () => {
    const world = memory();
    const hanging = { ...world.store('a'), readBundles: () => new Promise<never>(() => undefined) };
    const { keeper } = keep(hanging);

    await expect(keeper.stop()).resolves.toBeUndefined();
  });
});

describe('a Lease', () => {
  const now = new Date('2026-01-01T00:01:00Z');
  const held = (renewTime: unknown, leaseDurationSeconds: unknown = 15) => ({
    spec: { holderIdentity: 'other', renewTime, leaseDurationSeconds },
  });

  it('is free when nobody holds it, when we do, and when it was not renewed in time', () => {
    expect(isFree({ metadata: {} }, 'me', now)).toBe(true);
    expect(isFree({ spec: { holderIdentity: '' } }, 'me', now)).toBe(true);
    expect(isFree(held('2026-01-01T00:01:00.000000Z'), 'other', now)).toBe(true);
    expect(isFree(held('2026-01-01T00:00:45.000000Z'), 'me', now)).toBe(true);
    expect(isFree(held(undefined), 'me', now)).toBe(true);
  });

  it('is not while another holds it', () => {
    expect(isFree(held('2026-01-01T00:00:46.000000Z'), 'me', now)).toBe(false);
    expect(isFree(held('2026-01-01T00:00:46.000000Z', 'x'), 'me', now)).toBe(false);
  });
});
