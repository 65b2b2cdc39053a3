// Every fixture of a workload, written in odd ways: after --fix the text reads as before but for what is told.
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { isJsonObject } from '../../../src/engine/field.ts';
import { readManifest } from '../../../src/yaml/manifest.ts';
import { fixturesOf } from '../../support/fixtures.ts';
import { rewrite } from '../workloads/generated.ts';
import { policies } from '../workloads/workloads.ts';
import { differences } from './differences.ts';
import { fixed, found } from './fix.ts';
import { commentsIn, oddYaml, type Pick } from './odd.ts';

const FIXED = [
  'secret-env-ref',
  'secret-volume-mode',
  'secret-volume-writable',
  'service-account-token-automount',
];

/** The objects of all fixtures, some of whose pods are given a group. */
const objects = policies
  .flatMap(({ policy }) => fixturesOf(policy.meta.id))
  .flatMap(({ documents }) => documents)
  .filter((document) =>
    found(JSON.stringify(document)).some((line) => FIXED.includes(line.split(' ')[0] ?? '')),
  );
const withGroup = (object: unknown): unknown =>
  rewrite(object, (value) => {
    if (!isJsonObject(value) || !Array.isArray(value['containers'])) return value;
    const own = value['securityContext'];
    const securityContext = { ...(isJsonObject(own) ? own : {}), fsGroup: 2000 };
    return { ...value, securityContext };
  });
const object = fc
  .tuple(fc.constantFrom(...objects), fc.boolean())
  .map(([value, group]) => (group ? withGroup(value) : value));

/** A stream of choices, as long as it is needed. */
const picks = fc.array(fc.nat(9973), { minLength: 40, maxLength: 120 }).map((numbers): Pick => {
  let turn = 0;
  return (below) => {
    const number = numbers[turn % numbers.length] ?? 0;
    turn++;
    return (number + Math.floor(turn / numbers.length) * 31) % below;
  };
});

const list = (items: readonly unknown[]): object => ({ apiVersion: 'v1', kind: 'List', items });
const FILES: readonly ((values: readonly unknown[], pick: Pick) => string)[] = [
  (values, pick) =>
    values
      .map((value, at) => oddYaml(value, pick, at * 1000))
      .join(pick(2) === 0 ? '---\n' : '--- # c999\n'),
  (values, pick) => oddYaml(list(values), pick),
  (values, pick) => `\uFEFF${oddYaml(list([...values, ...values]), pick)}`.replaceAll('\n', '\r\n'),
  (values, pick) => `# c1\n---\n${oddYaml(list([...values, ...values]), pick, 1)}`.trimEnd(),
  (values) => values.map((value) => JSON.stringify(value, null, 2)).join('\n'),
  (values) => JSON.stringify(list(values), null, '\t'),
];

const ours = (text: string): unknown[] =>
  readManifest(text).documents.flatMap(({ value }) => (value === null ? [] : [value]));

/** As another reader of YAML 1.1 has it; it takes no JSON behind JSON. */
const theirs = (text: string): unknown[] =>
  parseAllDocuments(text.replace(/^\uFEFF/, ''), {
    version: '1.1',
    merge: true,
    uniqueKeys: false,
  }).map((document) => {
    expect(document.errors).toEqual([]);
    return document.toJS({ maxAliasCount: -1 }) as unknown;
  });

describe('the fix of a fixture in whatever style', () => {
  it('changes what it tells of and nothing else, keeps comments, and says why it leaves the rest', () => {
    let fixes = 0;
    let left = 0;
    fc.assert(
      fc.property(
        fc.array(object, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(...FILES),
        picks,
        fc.subarray(['automount', 'env'] as const),
        (values, write, pick, extras) => {
          const text = write(values, pick);
          const read = text.startsWith('{') ? ours : theirs;
          const before = read(text);
          expect(readManifest(text).unreadable).toEqual([]);
          expect(before).toEqual(ours(text));
          const result = fixed(text, ...extras);
          const after = read(result.text);

          const told = result.fixed.map(({ finding: { policy, path } }) => `${policy} ${path}`);
          expect(differences(before, after).toSorted()).toEqual(told.toSorted());
          expect(commentsIn(result.text)).toEqual(commentsIn(text));
          const asked = found(text).filter(
            (line) =>
              FIXED.slice(1, 3).some((id) => line.startsWith(`${id} `)) ||
              (extras.includes('env') && line.startsWith('secret-env-ref ')) ||
              (extras.includes('automount') && line.startsWith('service-account-token-automount ')),
          );
          expect(told.length + result.left.length).toBe(asked.length);
          for (const { words } of result.left)
            expect(words.join()).not.toMatch(/^$|would not read/);
          fixes += told.length;
          left += result.left.length;
        },
      ),
      { numRuns: 400 },
    );

    expect(fixes).toBeGreaterThan(400);
    expect(left).toBeGreaterThan(50);
  });
});
