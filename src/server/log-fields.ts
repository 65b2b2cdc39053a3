export const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** What a log line may hold: plain identifiers and numbers. No object fits, so none is logged. */
export type LogFields = Readonly<
  Record<string, string | number | boolean | readonly string[] | undefined>
>;

/**
 * What may be told of a thrown error: its class, its code and the places in the code. Never its
 * message: that of JSON.parse, for one, quotes the text that it could not read.
 */
export function errorFields(error: unknown): LogFields {
  if (!(error instanceof Error)) return { error: typeof error };
  const code: unknown = 'code' in error ? error.code : undefined;
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return {
    error: error.constructor.name,
    code: typeof code === 'string' ? code : undefined,
    stack: frames.slice(0, 8).map((line) => line.trim()),
  };
}
