import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { realOf } from './entries.ts';
import { failed, noted, reasonOf, type Input } from './input.ts';

/** Larger files are no manifests: the API takes about 3 MiB for one object. */
const LARGEST_FILE = 32 * 2 ** 20;

/** Control characters have no other meaning in a text that is read. */
const SPACE = 0x20;
const EMPTY = 'is empty: did the command that writes to it fail?';

/** A file that several paths lead to is read by the first of them. */
export function readOnce(path: string, size: number, named: boolean, seen: Set<string>): Input {
  let real: string;
  try {
    real = realOf(path);
  } catch (error) {
    return failed(path, 'unreadable', reasonOf(error));
  }
  if (seen.has(real)) {
    return noted(path, 'is a file that was read already, met again by a link or a second path');
  }
  seen.add(real);
  return readText(path, size, named);
}

function readText(path: string, size: number, named: boolean): Input {
  if (size > LARGEST_FILE)
    return failed(path, 'too-large', `is larger than ${LARGEST_FILE / 2 ** 20} MiB`);
  try {
    return sourceOf(path, readFileSync(path), named);
  } catch (error) {
    return failed(path, 'unreadable', reasonOf(error));
  }
}

/** All that comes by a pipe or the standard input. */
export async function readStream(
  name: string,
  stream: AsyncIterable<Buffer | string>,
): Promise<Input> {
  const parts: Buffer[] = [];
  let size = 0;
  try {
    for await (const part of stream) {
      const bytes = typeof part === 'string' ? Buffer.from(part) : part;
      size += bytes.length;
      if (size > 8 * LARGEST_FILE) return failed(name, 'too-large', 'is too long to be read');
      parts.push(bytes);
    }
  } catch (error) {
    return failed(name, 'unreadable', reasonOf(error));
  }
  const whole = Buffer.concat(parts);
  // A command that fails before a pipe leaves nothing in it, which is no clean input.
  if (!whole.some((byte) => byte > SPACE)) return failed(name, 'unreadable', EMPTY);
  return sourceOf(name, whole, true, true);
}

/** UTF-8, or UTF-16 with its mark, as Kubernetes takes them. */
function sourceOf(file: string, bytes: Buffer, named: boolean, stream = false): Input {
  const [first = 0, second = 0] = bytes;
  const mark = (first << 8) | second;
  const encoding = mark === 0xfffe ? 'utf-16le' : mark === 0xfeff ? 'utf-16be' : 'utf-8';
  if (encoding === 'utf-8' && bytes.includes(0))
    return failed(file, 'binary', 'is binary, no text');
  try {
    const text = new TextDecoder(encoding, { fatal: true }).decode(bytes);
    const chart = chartOf(file);
    return {
      type: 'source',
      source: {
        file,
        text,
        named,
        ...(stream ? { stream } : {}),
        ...(chart === undefined ? {} : { chart }),
      },
    };
  } catch {
    return failed(file, 'binary', 'is binary or in an encoding that is not UTF-8');
  }
}

/** The folder of the chart that a file is a template of, by its place. */
function chartOf(file: string): string | undefined {
  const parts = resolve(file).split(sep);
  const at = parts.lastIndexOf('templates', parts.length - 2);
  if (at < 0) return undefined;
  const chart = parts.slice(0, at).join(sep);
  if (!existsSync(join(chart, 'Chart.yaml'))) return undefined;
  return isAbsolute(file) ? chart : relative('', chart) || '.';
}
