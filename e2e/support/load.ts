// A constant load of creates, each of which the webhook must answer.
import { setTimeout as sleep } from 'node:timers/promises';
import { api, messageOf } from './api.ts';

/** 95 % sure that fewer than 1 request in 415 fails, when none of these does. */
export const ENOUGH = 1243;

export interface LoadResult {
  readonly sent: number;
  readonly failed: number;
  readonly seconds: number;
  /** Each different failure, with how often it came. */
  readonly reasons: ReadonlyMap<string, number>;
  /** When each failure came, by performance.now(). */
  readonly failedAt: readonly number[];
  readonly slowestMs: number;
}

export interface Load {
  /** How many were answered so far. */
  readonly answered: () => number;
  /** Waits until this many were sent, then stops. */
  finish(atLeast?: number): Promise<LoadResult>;
}

const PERIOD_MS = 50;

/** 20 dry-run creates a second of a Pod, in `namespace`; anything but 201 is a failure. */
export function startLoad(namespace: string): Load {
  const reasons = new Map<string, number>();
  const failedAt: number[] = [];
  const open = new Set<Promise<void>>();
  const start = performance.now();
  let sent = 0;
  let answered = 0;
  let slowestMs = 0;
  let stopping = false;
  const one = async (name: string): Promise<void> => {
    const since = performance.now();
    const failure = await create(namespace, name);
    slowestMs = Math.max(slowestMs, performance.now() - since);
    answered += 1;
    if (failure === undefined) return;
    failedAt.push(performance.now());
    reasons.set(failure, (reasons.get(failure) ?? 0) + 1);
  };
  const generate = async (): Promise<void> => {
    while (!stopping) {
      sent += 1;
      const request = one(`load-${sent}`);
      open.add(request);
      void request.finally(() => open.delete(request));
      await sleep(Math.max(0, start + sent * PERIOD_MS - performance.now()));
    }
  };
  const generator = generate();
  return {
    answered: () => answered,
    finish: async (atLeast = 0) => {
      while (sent < atLeast) await sleep(PERIOD_MS);
      stopping = true;
      await generator;
      const seconds = (performance.now() - start) / 1000;
      await Promise.all(open);
      return { sent, failed: failedAt.length, seconds, reasons, failedAt, slowestMs };
    },
  };
}

async function create(namespace: string, name: string): Promise<string | undefined> {
  const spec = {
    automountServiceAccountToken: false,
    containers: [{ name: 'main', image: 'registry.example/app:1' }],
  };
  try {
    const answer = await api({
      method: 'POST',
      path: `/api/v1/namespaces/${namespace}/pods`,
      query: { dryRun: 'All' },
      body: { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec },
    });
    return answer.status === 201 ? undefined : messageOf(answer).replaceAll(name, 'load-N');
  } catch (error) {
    return error instanceof Error ? error.message : 'unknown error';
  }
}

/** One line for the log of the tests. */
export function summary({ sent, failed, seconds, reasons, slowestMs }: LoadResult): string {
  const why = [...reasons].map(([reason, count]) => `\n    ${count} x ${reason}`).join('');
  const rate = (sent / seconds).toFixed(1);
  return `${sent} requests, ${rate} a second, ${failed} failed, slowest ${slowestMs.toFixed(0)} ms${why}`;
}
