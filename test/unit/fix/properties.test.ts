import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { dump } from 'js-yaml';
import { diffOf } from '../../../src/fix/diff.ts';
import { readManifest } from '../../../src/yaml/manifest.ts';
import { podSpec, rewrite } from '../workloads/generated.ts';
import { wraps } from '../workloads/workloads.ts';
import { fixed, found } from './fix.ts';

/** Ways to write one object. */
const FORMATS: readonly ((object: unknown) => string)[] = [
  (object) => JSON.stringify(object),
  (object) => JSON.stringify(object, null, 2),
  (object) => JSON.stringify(object, null, '\t'),
  (object) => dump(object, { noRefs: true }),
  (object) => dump(object, { noRefs: true, indent: 4 }).replaceAll('\n', '\r\n'),
  (object) => dump(object, { noRefs: true, flowLevel: 4 }),
  (object) =>
    `# first\n---\n${dump(object, { noRefs: true })}\n---\n${dump({ apiVersion: 'v1', kind: 'List', items: [object, object] }, { noRefs: true })}`,
];

const CANARY = 'hunter2Canary';
const withGroup = fc.tuple(podSpec, fc.boolean()).map(([spec, group]) =>
  rewrite(spec, (value, key) => {
    if (key === 'value' && value === 'plain') return CANARY;
    return key === '' && group ? { ...(value as object), securityContext: { fsGroup: 1 } } : value;
  }),
);

describe('the fix of whatever manifest', () => {
  it('takes away the findings that it tells of and no other, is fixed for good, and shows no value', () => {
    let fixes = 0;
    fc.assert(
      fc.property(
        withGroup,
        fc.constantFrom(...wraps),
        fc.constantFrom(...FORMATS),
        fc.subarray(['automount', 'env'] as const),
        (spec, [, wrap], write, extras) => {
          const text = write(wrap(spec));
          const result = fixed(text, ...extras);
          const before = found(text);
          const after = found(result.text);
          fixes += result.fixed.length;

          expect(before.length - after.length).toBe(result.fixed.length);
          for (const line of after) expect(before).toContain(line);
          expect(fixed(result.text, ...extras).text).toBe(result.text);
          for (const { words } of result.left) expect(words.join()).not.toMatch(/would not read/);
          const diff = diffOf('a', text, result, false);
          expect(diff).not.toContain(CANARY);
          expect(readManifest(result.text).documents).toHaveLength(
            readManifest(text).documents.length,
          );
        },
      ),
      { numRuns: 400 },
    );

    expect(fixes).toBeGreaterThan(200);
  });

  it('of whatever text never throws, and leaves it as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(fixed(text, 'automount', 'env').text).toBe(text);
      }),
    );
  });
});
