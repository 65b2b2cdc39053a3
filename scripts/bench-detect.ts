/**
 * Times each detector on 1 MiB of the worst inputs that we know for any of them, all of them together on the same, and
 * what is read of a typical Secret, beside JSON.parse of a document that holds the same text. Exits 1 when a detector
 * costs more than 3 times as much, or a typical Secret more than 0.1 times.
 */
import { createHash } from 'node:crypto';

import { findAssignment } from '../src/detect/assignment.ts';
import { findAuthorization } from '../src/detect/authorization.ts';
import { decodesToText } from '../src/detect/base64.ts';
import { detectCredential } from '../src/detect/credential.ts';
import { findDockerConfig } from '../src/detect/docker-config.ts';
import { findKubeconfig } from '../src/detect/kubeconfig.ts';
import { findPrivateKey } from '../src/detect/private-key.ts';
import { inspectSecretValue } from '../src/detect/secret-value.ts';
import { scanTokens } from '../src/detect/tokens/scan.ts';
import { findUrlPassword } from '../src/detect/url.ts';

const MIB = 1024 * 1024;
const ROUNDS = 20;
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

/** What detectors look for before they read on. */
const MARKS = 'Config: clusters users "auths =~?@ Q~ -----BEGIN PRIVATE KEY ';

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
  'zeroes in base64': filled('A'),
  'S repeated': filled('S'),
  'd repeated': filled('d'),
  '/A repeated': filled('/A'),
  '/S repeated': filled('/S'),
  'single letters': filled('a b '),
  prose,
  ...Object.fromEntries(
    ['a', 'z', 'A', 'sk', 'YQ'].map((piece) => [
      `20-character runs of ${piece}`,
      filled(`${piece.repeat(20 / piece.length)}.`),
    ]),
  ),
  'nearly base64 of text': filled(`g${'QYQY'.repeat(8)}.`),
  'ł repeated': filled('ł'),
  'runs before ł': filled(`${'sk'.repeat(10)}ł`),
  'runs between two half prefixes': filled(`${'sk'.repeat(9)}dp.`),
  'runs behind a word that ends in a prefix': filled(`${'sk'.repeat(9)}SG.`),
  'runs of most of a prefix': filled(`github_p${'ages'.repeat(3)}.`),
  'runs behind a backslash': filled(`${'n'.repeat(20)}\\`),
  'runs behind a lead': filled('aaaaaaaaaaaaaaaaaG.'),
  'runs behind a colon': filled('AAAAAAAAAAAAAAAAAAAA:'),
  ...Object.fromEntries(
    [
      'B ',
      'T ',
      'bearer ',
      's=',
      'cc=',
      '_=',
      'Q~',
      '0Q~',
      '?=',
      '?P ',
      'ck',
      'cret=',
      't:',
      'token:',
    ].map((piece) => [`${piece} repeated`, filled(piece)]),
  ),
};

/** A flood behind every mark, so that no detector passes it over. */
const marked: Readonly<Record<string, string>> = Object.fromEntries(
  ['"auth', '-----B', 'sk_', '://a:b', '://a@', 'LS0t', 'é'].map((piece) => [
    `${piece} after every mark`,
    `${MARKS}${filled(piece)}`.slice(0, MIB),
  ]),
);

const secrets: Readonly<Record<string, Record<string, string>>> = {
  '1 value, binary': secretOf(1, ofBinary),
  '16 values, binary': secretOf(16, ofBinary),
  '16 values, text': secretOf(16, ofText),
  '64 values, binary and text': secretOf(64, (index, size) =>
    (index % 2 === 0 ? ofBinary : ofText)(index, size),
  ),
};

/** What a whole verdict on a text asks, in its order; the last is all of it. */
const detectors: Readonly<Record<string, (text: string) => unknown>> = {
  kubeconfig: findKubeconfig,
  'Docker configuration': findDockerConfig,
  'private key': findPrivateKey,
  tokens: (text) => scanTokens(text, 32),
  assignment: findAssignment,
  'URL with a password': findUrlPassword,
  'Authorization header': findAuthorization,
  base64: decodesToText,
};

interface Row {
  readonly input: string;
  readonly parse: number;
  readonly detect: number;
}

const ratioOf = ({ parse, detect }: Row): number => detect / parse;

function print(name: string, row: Row, limit: number): void {
  const figures = [row.parse.toFixed(3), row.detect.toFixed(3), ratioOf(row).toFixed(2)];
  const verdict = ratioOf(row) > limit ? `  over ${limit}` : '';
  const columns = figures.map((figure) => figure.padStart(11)).join('');
  console.log(`${name.padEnd(22)}${columns}  ${row.input}${verdict}`);
  if (ratioOf(row) > limit) process.exitCode = 1;
}

function parsed(body: string): Record<string, string> {
  const strings: Record<string, string> = {};
  const document: unknown = JSON.parse(body);
  for (const [key, value] of Object.entries(document ?? {})) strings[key] = String(value);
  return strings;
}

/** The input on which a detector costs most beside parsing it. */
function worst(detect: (text: string) => unknown, inputs: Readonly<Record<string, string>>): Row {
  const rows = Object.entries(inputs).map(([input, text]): Row => {
    const body = JSON.stringify({ text });
    const same = parsed(body)['text'] ?? '';
    const [parse = 0, time = 0] = fastest(
      (): unknown => JSON.parse(body),
      () => detect(same),
    );
    return { input, parse, detect: time };
  });
  return rows.reduce((most, row) => (ratioOf(row) > ratioOf(most) ? row : most));
}

const all = { ...texts, ...marked };
for (const text of Object.values(all)) detectCredential(text);
console.log(`${'1 MiB'.padEnd(22)}   parse ms  detect ms      ratio  worst input`);
for (const [name, detect] of Object.entries(detectors)) print(name, worst(detect, all), WORST);
print('all together', worst(detectCredential, texts), WORST);
// Only a text that is made for it has every mark: here the parts add up, and each is held above.
print('all together', worst(detectCredential, marked), Infinity);
for (const [input, data] of Object.entries(secrets)) {
  const body = JSON.stringify(data);
  const values = Object.values(parsed(body));
  const [parse = 0, detect = 0] = fastest(
    (): unknown => JSON.parse(body),
    () => values.map(inspectSecretValue),
  );
  print('Secret', { input, parse, detect }, TYPICAL);
}
