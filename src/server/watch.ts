import { readFile } from 'node:fs/promises';

/** The contents of some files, in the order of their paths. */
export type Contents = readonly string[];

export interface Watch {
  /** Neither of the two is called any more, not even for a look that has begun. */
  stop(): void;
}

/**
 * Calls `onChange` when the contents of the files have changed, and `onError` once when they cannot be
 * read. By reading, not by file events: a mounted Secret or ConfigMap changes by a swap of the `..data`
 * symlink, which the events of its files do not show, and the files are small.
 */
export function watchFiles(
  paths: readonly string[],
  initial: Contents,
  intervalMs: number,
  on: { readonly change: (contents: Contents) => void; readonly error: (error: unknown) => void },
): Watch {
  let known = initial;
  let failing = false;
  let busy = false;
  let stopped = false;
  const look = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const now = await readFiles(paths);
      if (stopped) return;
      failing = false;
      if (now.some((content, index) => content !== known[index])) {
        known = now;
        on.change(now);
      }
    } catch (error) {
      if (!failing && !stopped) on.error(error);
      failing = true;
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void look(), intervalMs);
  timer.unref();
  return {
    stop: () => {
      stopped = true;
      clearInterval(timer);
    },
  };
}

async function readFiles(paths: readonly string[]): Promise<Contents> {
  return Promise.all(paths.map((path) => readFile(path, 'utf8')));
}
