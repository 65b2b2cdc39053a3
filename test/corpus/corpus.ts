import { readdirSync, readFileSync } from 'node:fs';

/** A labelled value of the corpus; see README.md beside it. */
export interface Sample {
  readonly label: string;
  readonly tuned: boolean;
  readonly value: string;
  readonly name?: string;
  /** File and place, for a message that tells which sample is meant and not what it says. */
  readonly place: string;
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

function encode(value: string, encoding: unknown): string {
  const once = (text: string): string => Buffer.from(text).toString('base64');
  if (encoding === 'base64') return once(value);
  return encoding === 'base64-twice' ? once(once(value)) : value;
}

function readSample(entry: unknown, place: string): Sample {
  if (!isRecord(entry)) throw new Error(`${place}: not an object`);
  const { label, tuned, value, name } = entry;
  const parts: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (typeof label !== 'string' || typeof tuned !== 'boolean')
    throw new Error(`${place}: no label`);
  const text = encode(parts.map(String).join(''), entry['encode']);
  return { label, tuned, value: text, place, ...(typeof name === 'string' ? { name } : {}) };
}

/** All samples of the corpus, values joined and encoded. */
export function readCorpus(): readonly Sample[] {
  const files = readdirSync(import.meta.dirname).filter((file) => file.endsWith('.json'));
  return files.sort().flatMap((file) => {
    const entries: unknown = JSON.parse(readFileSync(`${import.meta.dirname}/${file}`, 'utf8'));
    if (!Array.isArray(entries)) throw new Error(`${file}: not a list`);
    return entries.map((entry: unknown, index) => readSample(entry, `${file}[${index}]`));
  });
}
