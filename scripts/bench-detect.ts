/**
 * Times the detectors on 1 MiB of their worst inputs and of a typical Secret, beside JSON.parse of a document that
 * holds the same text; exits 1 when one costs more than 3 times (worst) or 0.1 times (typical Secret) as much.
 */
import { createHash } from 'node:crypto';

import { detectCredential } from '../src/detect/credential.ts';
import { inspectSecretValue } from '../src/detect/secret-value.ts';

const MIB = 1024 * 1024;
const ROUNDS = 60;
const WORST = 3;
const TYPICAL = 0.1;

/**
 * The fastest of several runs of each work, in milliseconds: what it costs when nothing else disturbs it. In turns, so
 * that a machine that is slow for a while is so for both.
 */
function fastest(...works: readonly (() => unknown)[]): readonly number[] {
  const best = works.map(() => Infinity);
  for (let round = 0; round < ROUNDS; round++) {
    works.forEach((work, index) => {
      const start = performance.now();
      work();
      best[index] = Math.min(best[index] ?? Infinity, performance.now() - start);
    });
  }
  return best;
}

/** Bytes that look random and are the same in every run. */
function noise(length: number, seed = 'hushgate'): Buffer {
  const blocks: Buffer[] = [];
  for (let block = 0; block * 32 < length; block++) {
    blocks.push(createHash('sha256').update(`${seed}${block}`).digest());
  }
  return Buffer.concat(blocks).subarray(0, length);
}

const filled = (piece: string): string => piece.repeat(Math.ceil(MIB / piece.length)).slice(0, MIB);
const prose = filled(
  'The quick brown fox jumps over the lazy dog.\nserver.port = 8080 # a comment: see the docs\n',
);
const binary = noise(MIB).toString('base64').slice(0, MIB);

/** A Secret of 1 MiB in all: `count` values of the same size. */
function secretOf(
  count: number,
  value: (index: number, size: number) => string,
): Record<string, string> {
  const size = Math.floor(MIB / count / 4) * 4;
  return Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`file-${index}`, value(index, size)]),
  );
}
const ofBinary = (index: number, size: number): string =>
  noise((size / 4) * 3, `${index}`).toString('base64');
const ofText = (_: number, size: number): string =>
  Buffer.from(prose.slice(0, (size / 4) * 3)).toString('base64');

const texts: Readonly<Record<string, string>> = {
  'eyJ repeated': filled('eyJ'),
  'eyJ- repeated': filled('eyJ-'),
  'eyJ and space': filled('eyJ '),
  'eyJ…. repeated': filled('eyJhbGciOiJIUzI1NiJ9.'),
  'AKIA repeated': filled('AKIA'),
  'AKIA and space': filled('AKIA '),
  'AKIA examples': filled('AKIAIOSFODNN7EXAMPLE '),
  'ghp_ repeated': filled('ghp_ '),
  'token prefixes': filled('ghp_aaaaaaaaaaaaaaaaaaaa '),
  '19-character runs': filled('aaaaaaaaaaaaaaaaaaa '),
  '://@ repeated': filled('://@'),
  ':// repeated': filled('://'),
  '@ repeated': filled('@'),
  'a://b:c repeated': filled('a://b:c'),
  'URLs with $(VAR)': filled('a://b:$(C)@d '),
  '-----BEGIN repeated': filled('-----BEGIN '),
  'empty key blocks': filled('-----BEGIN PRIVATE KEY-----\n'),
  'Bearer repeated': filled('Bearer '),
  'password= repeated': filled(';password='),
  'kubeconfig placeholders': filled('Config clusters users token: $(T) '),
  '"auth": repeated': filled('"auth":"x",'),
  'one base64 line': binary,
  'base64 in lines': filled(`${binary.slice(0, 64)}\n`),
  'base64 of text': Buffer.from(prose).toString('base64').slice(0, MIB),
  'base64 of base64': Buffer.from(binary).toString('base64').slice(0, MIB),
  'base64 words': filled(
    `${Buffer.from('the quick brown fox jumps').toString('base64').slice(0, 32)} `,
  ),
  '{ nesting': filled('{"a":'),
  '{ alone': filled('{'),
  spaces: filled(' '),
  'one letter': filled('a'),
  'single letters': filled('a b '),
  prose,
};

const secrets: Readonly<Record<string, Record<string, string>>> = {
  '1 value, binary': secretOf(1, ofBinary),
  '16 values, binary': secretOf(16, ofBinary),
  '16 values, text': secretOf(16, ofText),
  '64 values, binary and text': secretOf(64, (index, size) =>
    (index % 2 === 0 ? ofBinary : ofText)(index, size),
  ),
};

function report(name: string, [parse = 0, detect = 0]: readonly number[], limit: number): void {
  const ratio = detect / parse;
  const verdict = ratio > limit ? `  over ${limit}` : '';
  const figures = [parse.toFixed(3), detect.toFixed(3), ratio.toFixed(2)];
  console.log(
    `${name.padEnd(28)}${figures.map((figure) => figure.padStart(10)).join('')}${verdict}`,
  );
  if (ratio > limit) process.exitCode = 1;
}

function parsed(body: string): Record<string, string> {
  const strings: Record<string, string> = {};
  const document: unknown = JSON.parse(body);
  for (const [key, value] of Object.entries(document ?? {})) strings[key] = String(value);
  return strings;
}

console.log(`${'1 MiB of'.padEnd(28)}  parse ms detect ms     ratio`);
for (const [name, text] of Object.entries(texts)) {
  const body = JSON.stringify({ text });
  const same = parsed(body)['text'] ?? '';
  report(
    name,
    fastest(
      (): unknown => JSON.parse(body),
      () => detectCredential(same),
    ),
    WORST,
  );
}
for (const [name, data] of Object.entries(secrets)) {
  const body = JSON.stringify(data);
  const values = Object.values(parsed(body));
  report(
    `Secret: ${name}`.slice(0, 28),
    fastest(
      (): unknown => JSON.parse(body),
      () => values.map(inspectSecretValue),
    ),
    TYPICAL,
  );
}
