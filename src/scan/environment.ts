import { ENVIRONMENT_FILE } from '../kubernetes/resources.ts';
import type { Manifest, ManifestDocument, Unreadable } from '../yaml/manifest.ts';
import type { Position } from '../yaml/positions.ts';

interface Line {
  readonly key: string;
  readonly value: string;
  readonly position: Position;
}

const ASSIGNMENT = /^(\s*(?:export\s+)?)([A-Za-z_]\w*)=(.*)$/;

/** etcd.env, etcd-events.env, /etc/etcd/etcd.conf, /etc/default/etcd, /etc/sysconfig/etcd. */
const NAME = /(?:^|[/\\])(?:etcd(?:[.-][\w.-]*)?\.(?:env|conf)|(?:default|sysconfig)[/\\]etcd)$/;

/** Whether a file is by its name one of variables that etcd is started with. */
export function isEnvironmentName(file: string): boolean {
  return NAME.test(file);
}

/** Whether a text is a list of assignments, an `ETCD_` one among them, and so no manifest. */
export function isEnvironment(text: string): boolean {
  if (!/^[ \t]*(?:export[ \t]+)?ETCD_\w+=/m.test(text)) return false;
  return logicalLines(text).every(({ text: line }) => ASSIGNMENT.test(line));
}

/**
 * The `ETCD_` variables of a file as one document, read as systemd reads an EnvironmentFile: comments
 * with # and ;, quotes, lines continued by a backslash, of one name the last. Other variables are not kept.
 * @see https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#EnvironmentFile=
 */
export function readEnvironment(text: string): Manifest {
  const found = new Map<string, Line>();
  const repeated: Position[] = [];
  const unreadable: Unreadable[] = [];
  for (const { text: line, number } of logicalLines(text)) {
    const [, before = '', key, value = ''] = ASSIGNMENT.exec(line) ?? [];
    const position = { line: number, column: before.length + 1 };
    if (key === undefined) {
      unreadable.push({ message: 'a line is no assignment NAME=value', position, text: line });
    } else if (key.startsWith('ETCD_')) {
      if (found.has(key)) repeated.push(position);
      found.set(key, { key, value: unquoted(value.trim()), position });
    }
  }
  return { documents: [documentOf([...found.values()], repeated)], unreadable };
}

function documentOf(lines: readonly Line[], repeated: readonly Position[]): ManifestDocument {
  const places = new Map(lines.map(({ key, position }) => [key, position]));
  const start = lines[0]?.position ?? { line: 1, column: 1 };
  const { group, kind } = ENVIRONMENT_FILE;
  const variables = Object.fromEntries(lines.map(({ key, value }) => [key, value]));
  return {
    number: 1,
    written: undefined,
    value: { apiVersion: `${group}/v1alpha1`, kind, ...variables },
    repeated,
    place: ([key]) => places.get(String(key)) ?? start,
  };
}

/** Lines without comments and empty ones; what a backslash continues is one, with its first number. */
function logicalLines(text: string): { readonly text: string; readonly number: number }[] {
  const lines: { text: string; readonly number: number }[] = [];
  let continues = false;
  for (const [index, raw] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw;
    const last = lines.at(-1);
    if (!continues && /^\s*(?:[#;]|$)/.test(line)) continue;
    const ends = line.endsWith('\\');
    const part = ends ? line.slice(0, -1) : line;
    if (continues && last !== undefined) last.text += part;
    else lines.push({ text: part, number: index + 1 });
    continues = ends;
  }
  return lines;
}

function unquoted(value: string): string {
  const [, , inner] = /^(["'])(.*)\1$/.exec(value) ?? [];
  return inner ?? value;
}
