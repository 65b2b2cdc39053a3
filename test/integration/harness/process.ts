// A child process with its log in a file, that never outlives the test process.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { Socket } from 'node:net';
import { basename } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const GRACE_MS = 10_000;

export interface ManagedProcess {
  readonly name: string;
  readonly pid: number;
  /** What it ended with ("exit code 1", "signal SIGKILL"), or undefined while it runs. */
  ended(): string | undefined;
  /** The last lines of its stdout and stderr. */
  logs(lines?: number): string;
  /** SIGTERM, then SIGKILL after ten seconds; resolves when it is gone. */
  stop(): Promise<void>;
}

export interface ProcessOptions {
  readonly logFile: string;
  readonly env: Readonly<Record<string, string>>;
}

export async function startProcess(
  command: string,
  args: readonly string[],
  options: ProcessOptions,
): Promise<ManagedProcess> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(command, args, { stdio: ['ignore', log, log], env: options.env });
  closeSync(log);
  const gone = exitOf(child);
  const pid = await pidOf(child);
  const guard = startGuard(pid);
  const guardGone = exitOf(guard);
  let end: string | undefined;
  const done = gone.then(async (how) => {
    end = how;
    guard.kill('SIGKILL');
    await guardGone;
  });
  child.unref();

  return {
    name: basename(command),
    pid,
    ended: () => end,
    logs: (lines = 30) =>
      readFileSync(options.logFile, 'utf8').split('\n').slice(-lines).join('\n'),
    stop: async () => {
      if (end === undefined) child.kill('SIGTERM');
      const timer = new AbortController();
      const late = sleep(GRACE_MS, undefined, { signal: timer.signal }).then(
        () => child.kill('SIGKILL'),
        () => false,
      );
      await done;
      timer.abort();
      await late;
    },
  };
}

/**
 * Kills the child when this process is gone, however it went (an `exit` listener would miss SIGKILL,
 * and Jest's sandbox has a `process` of its own): the end of its stdin is the end of this process.
 * Detached, so that Ctrl-C does not end the guard first.
 */
function startGuard(pid: number): ChildProcess {
  const script = 'read -r _; kill -KILL "$1"';
  const guard = spawn('/bin/sh', ['-c', script, 'guard', String(pid)], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  guard.unref();
  // Node makes stdio pipes of sockets; without this one the event loop would wait for the guard.
  if (guard.stdin instanceof Socket) guard.stdin.unref();
  return guard;
}

function exitOf(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('exit', (code, signal) => {
      resolve(signal === null ? `exit code ${code ?? 0}` : `signal ${signal}`);
    });
    child.once('error', (error) => {
      resolve(error.message);
    });
  });
}

function pidOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    if (child.pid !== undefined) resolve(child.pid);
    else child.once('error', reject);
  });
}
