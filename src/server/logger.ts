import { pino, type DestinationStream, type Logger as Pino } from 'pino';
import type { LogFields, LogLevel } from './log-fields.ts';
import { printable } from '../engine/safe-text.ts';

export interface Logger {
  error(fields: LogFields, message: string): void;
  warn(fields: LogFields, message: string): void;
  info(fields: LogFields, message: string): void;
  debug(fields: LogFields, message: string): void;
}

/** JSON lines with a time, a level and the given fields; control characters are written out. */
export function createLogger(level: LogLevel, destination: DestinationStream): Logger {
  const log: Pino = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    destination,
  );
  return {
    error: (fields, message) => {
      log.error(printableFields(fields), printable(message));
    },
    warn: (fields, message) => {
      log.warn(printableFields(fields), printable(message));
    },
    info: (fields, message) => {
      log.info(printableFields(fields), printable(message));
    },
    debug: (fields, message) => {
      log.debug(printableFields(fields), printable(message));
    },
  };
}

function printableFields(fields: LogFields): LogFields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, printableField(value)]),
  );
}

function printableField(value: LogFields[string]): LogFields[string] {
  if (typeof value === 'string') return printable(value);
  return typeof value === 'object' ? value.map(printable) : value;
}
