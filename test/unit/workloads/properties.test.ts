import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { evaluate } from '../../../src/engine/evaluate.ts';
import { subjectOf } from '../../../src/engine/subject.ts';
import { optionsOf } from '../../../src/config/options.ts';
import { BUILT_IN } from '../../../src/kubernetes/resources.ts';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { podSpec, rewrite, size } from './generated.ts';
import { fingerprints, fired, pod, policies, wraps } from './workloads.ts';

/** Turns lists and the keys of maps around, by a number that says which. */
function reordered(spec: unknown, seed: number): unknown {
  let turn = seed;
  const turns = (): boolean => {
    turn = (turn * 1_103_515_245 + 12_345) % 2_147_483_648;
    return turn % 3 !== 0;
  };
  return rewrite(spec, (value) => {
    if (Array.isArray(value)) {
      const list: readonly unknown[] = value;
      return turns() ? list.toReversed() : list;
    }
    if (typeof value !== 'object' || value === null || !turns()) return value;
    return Object.fromEntries(Object.entries(value).reverse());
  });
}

const VOLUMES = new Set(['first', 'second', 'third']);
const CONTAINERS = new Set(['app', 'sidecar', 'helper']);

function renamed(spec: unknown): unknown {
  return rewrite(spec, (value, key) =>
    key === 'name' && typeof value === 'string' && (VOLUMES.has(value) || CONTAINERS.has(value))
      ? `other-${value}`
      : value,
  );
}

function withUnknownFields(spec: unknown): unknown {
  return rewrite(spec, (value) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? { unknownBefore: [{ a: 'b' }], ...value, unknownAfter: { c: 1 } }
      : value,
  );
}

describe('which workload policies fire does not depend on', () => {
  it('the names of containers and volumes', () => {
    fc.assert(
      fc.property(podSpec, (spec) => {
        expect(fired(pod(renamed(spec)))).toEqual(fired(pod(spec)));
      }),
    );
  });

  it('the order of lists and keys, which leaves fingerprints alone too', () => {
    fc.assert(
      fc.property(podSpec, fc.nat(), (spec, seed) => {
        const other = reordered(spec, seed);

        expect(fired(pod(other))).toEqual(fired(pod(spec)));
        expect(fingerprints(pod(other))).toEqual(fingerprints(pod(spec)));
      }),
    );
  });

  it('fields that nobody knows', () => {
    fc.assert(
      fc.property(podSpec, (spec) => {
        expect(fingerprints(pod(withUnknownFields(spec)))).toEqual(fingerprints(pod(spec)));
      }),
    );
  });

  it('the kind that holds the pod', () => {
    fc.assert(
      fc.property(podSpec, (spec) => {
        const expected = fired(pod(spec));
        for (const [, wrap] of wraps) expect(fired(wrap(spec))).toEqual(expected);
      }),
    );
  });
});

describe('evaluate', () => {
  const every = catalogue.map((policy) => ({ policy, options: optionsOf(policy, {}) }));
  const operations = ['CREATE', 'UPDATE', 'DELETE', 'CONNECT'] as const;

  function failures(object: unknown): readonly string[] {
    return operations.flatMap((operation) => {
      const { unjudged } = evaluate(subjectOf(object, { operation }), { now: 0 }, every);
      return unjudged
        .filter(({ reason }) => reason === 'internal')
        .map(({ policy, message }) => `${policy}: ${message}`);
    });
  }

  it('throws at no JSON value, nor does any policy', () => {
    fc.assert(
      fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
        expect(failures(value)).toEqual([]);
      }),
    );
  });

  it('throws at no JSON value in the place of a spec, a template, rules or data', () => {
    const kinds = fc.constantFrom(...BUILT_IN.map(({ group, kind }) => ({ group, kind })), {
      group: 'example.com',
      kind: 'Fleet',
    });
    fc.assert(
      fc.property(kinds, fc.jsonValue(), ({ group, kind }, value) => {
        const apiVersion = group === '' ? 'v1' : `${group}/v1`;
        const places = ['metadata', 'spec', 'template', 'rules', 'subjects', 'roleRef', 'data'];
        const each = places.map((place) => ({ apiVersion, kind, [place]: value }));
        const all = { apiVersion, kind, ...Object.fromEntries(places.map((key) => [key, value])) };

        expect([...each, all].flatMap(failures)).toEqual([]);
      }),
    );
  });

  it('throws at no pod with any of its values replaced', () => {
    fc.assert(
      fc.property(podSpec, fc.nat(), fc.jsonValue({ maxDepth: 2 }), (spec, where, value) => {
        const target = where % size(spec);
        let at = -1;
        const broken = rewrite(spec, (own) => ((at += 1) === target ? value : own));

        for (const [, wrap] of wraps) expect(failures(wrap(broken))).toEqual([]);
      }),
    );
  });

  it('finds by every workload policy something in the pods of these tests', () => {
    const found = fc
      .sample(podSpec, { seed: 20_261_124, numRuns: 1000 })
      .flatMap((spec) => fired(pod(spec)).map((each) => each.split(' ')[0]));

    expect([...new Set(found)].sort()).toEqual(policies.map(({ policy }) => policy.meta.id).sort());
  });
});
