// Reads of the API server by path, tried again while it is busy.
import type { KubeConfig } from '@kubernetes/client-node';
import { setTimeout as sleep } from 'node:timers/promises';
import { ClusterError } from './errors.ts';
import { parsed, send, type Incoming } from './transport.ts';

/** What the API server answered. */
export interface Answer {
  readonly status: number;
  /** Parsed; undefined where it was too large to be read. */
  readonly body: unknown;
  readonly tooLarge: boolean;
}

/** Reads a path with its query; rejects with a ClusterError when there is no answer at all. */
export type Reader = (path: string) => Promise<Answer>;

export interface ReaderOptions {
  readonly timeoutMs: number;
  readonly mostBytes: number;
  /** Between one try and the next; as many more tries as pauses. */
  readonly pausesMs: readonly number[];
}

export const PATIENT: ReaderOptions = {
  timeoutMs: 60_000,
  mostBytes: 16 * 2 ** 20,
  pausesMs: [500, 1000, 2000, 4000],
};

/** Busy, restarting, or an etcd that changes its leader. */
const PASSING: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const LONGEST_PAUSE_MS = 10_000;

export function openReader(config: KubeConfig, options: ReaderOptions = PATIENT): Reader {
  const { timeoutMs, mostBytes, pausesMs } = options;
  let reached = false;
  const once = async (path: string): Promise<Incoming> => {
    const answer = await send(config, path, { method: 'GET', timeoutMs, mostBytes });
    reached = true;
    return answer;
  };
  return async (path) => {
    for (const pause of pausesMs) {
      const answer = await once(path).catch((error: unknown) => {
        // A server that was never reached is a wrong address more often than a passing failure.
        if (!reached || !isUnreachable(error)) throw error;
        return undefined;
      });
      if (answer !== undefined && !PASSING.has(answer.status)) return understood(config, answer);
      const asked = (answer?.retryAfter ?? 0) * 1000;
      await sleep(Math.min(Math.max(asked, pause), LONGEST_PAUSE_MS));
    }
    return understood(config, await once(path));
  };
}

function isUnreachable(error: unknown): boolean {
  return error instanceof ClusterError && error.problem === 'unreachable';
}

function understood(config: KubeConfig, answer: Incoming): Answer {
  const { status, tooLarge } = answer;
  if (tooLarge) return { status, body: undefined, tooLarge };
  // Only a good answer must be JSON: what stands between may refuse in words of its own.
  const isGood = status >= 200 && status < 300;
  if (!isGood && !answer.body.startsWith('{')) return { status, body: undefined, tooLarge };
  return { status, body: parsed(config, answer), tooLarge };
}
