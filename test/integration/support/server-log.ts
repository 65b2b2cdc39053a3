// The server's own log: what arrived there, and what it says of itself.
import type { DestinationStream } from 'pino';
import { eventually } from '../harness/poll.ts';

export interface LogLine {
  readonly level: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

/** One line a decision. */
export interface Decision {
  readonly user: string;
  readonly operation: string;
  readonly kind: string;
  readonly subresource?: string;
  /** `namespace/name`, or the name alone. */
  readonly object: string;
  readonly decision: string;
  readonly policies: readonly string[];
}

export interface ServerLog {
  readonly destination: DestinationStream;
  readonly lines: readonly LogLine[];
  /** Every decision so far with these fields. */
  decisions(wanted: Partial<Decision>): Decision[];
  /** The next line with this message after `action`; each line is there once. */
  after(message: string, action: () => Promise<void>): Promise<LogLine>;
}

export function captureLog(): ServerLog {
  const lines: LogLine[] = [];
  return {
    destination: { write: (line) => void lines.push(JSON.parse(line) as LogLine) },
    lines,
    decisions: (wanted) =>
      lines
        .filter(({ msg }) => msg === 'decision')
        .map((line) => line as unknown as Decision)
        .filter((decision) =>
          Object.entries(wanted).every(([key, value]) => decision[key as keyof Decision] === value),
        ),
    after: async (message, action) => {
      const start = lines.length;
      await action();
      return eventually(`the log line "${message}"`, () =>
        lines.slice(start).find(({ msg }) => msg === message),
      );
    },
  };
}
