import { setTimeout as sleep } from 'node:timers/promises';
import type { ClusterClient } from './client.ts';
import { ClusterError } from './errors.ts';
import { webhookTarget } from './targets.ts';

/** Tries again for `patienceMs` while the API server does not answer. */
export interface Patience {
  readonly patienceMs: number;
  readonly pauseMs: number;
}

/**
 * Deletes a ValidatingWebhookConfiguration; false when there was none. Rejects with a ClusterError.
 */
export async function removeWebhook(
  client: ClusterClient,
  name: string,
  { patienceMs, pauseMs }: Patience,
): Promise<boolean> {
  const end = performance.now() + patienceMs;
  for (;;) {
    try {
      await client.delete(webhookTarget(name));
      return true;
    } catch (error) {
      if (!(error instanceof ClusterError)) throw error;
      if (error.problem === 'missing') return false;
      if (error.problem !== 'unreachable' || performance.now() + pauseMs > end) throw error;
      await sleep(pauseMs);
    }
  }
}
