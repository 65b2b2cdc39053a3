// Replicas take turns by a Lease: it is held while a renewal takes its steps, not between them. It
// keeps them from working against each other; what they write is safe without it, by resourceVersion.
import type { ClusterClient } from './client.ts';
import { field, objectAt, textAt, type JsonObject } from './json.ts';
import type { Target } from './targets.ts';
import { unlessChanged } from './unless-changed.ts';

/** Longer than the steps of one turn take; a replica that dies in its turn holds the others up so long. */
const DURATION_SECONDS = 15;

export interface Turns {
  /** Takes the turn; false while another replica has it. */
  acquire(): Promise<boolean>;
  release(): Promise<void>;
}

export function turns(client: ClusterClient, target: Target, identity: string): Turns {
  const write = (lease: JsonObject, spec: JsonObject): Promise<boolean> =>
    unlessChanged(
      client.update(target, { ...lease, spec: { ...objectAt(lease, 'spec'), ...spec } }),
    );
  return {
    acquire: async () => {
      const lease = objectAt(await client.get(target));
      const now = new Date();
      if (!isFree(lease, identity, now)) return false;
      const transitions = field(lease, 'spec', 'leaseTransitions');
      return write(lease, {
        holderIdentity: identity,
        leaseDurationSeconds: DURATION_SECONDS,
        acquireTime: microTime(now),
        renewTime: microTime(now),
        leaseTransitions: typeof transitions === 'number' ? transitions + 1 : 0,
      });
    },
    release: async () => {
      const lease = objectAt(await client.get(target));
      if (textAt(lease, 'spec', 'holderIdentity') !== identity) return;
      await write(lease, { holderIdentity: '' });
    },
  };
}

/** Nobody's, our own, or not renewed in time. */
export function isFree(lease: unknown, identity: string, now: Date): boolean {
  const holder = textAt(lease, 'spec', 'holderIdentity');
  if (holder === '' || holder === identity) return true;
  const renewed = Date.parse(textAt(lease, 'spec', 'renewTime'));
  const seconds = field(lease, 'spec', 'leaseDurationSeconds');
  const duration = typeof seconds === 'number' ? seconds : DURATION_SECONDS;
  return !(now.getTime() < renewed + duration * 1000);
}

/** The API's MicroTime has six digits after the point. */
const microTime = (date: Date): string => date.toISOString().replace('Z', '000Z');
