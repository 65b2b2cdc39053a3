import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { auditText, denialMessage, warnings } from '../../../src/admission/text.ts';
import type { JudgedFinding, JudgedGap, Verdict } from '../../../src/engine/judge.ts';

const finding = (changes: Partial<JudgedFinding> = {}): JudgedFinding => ({
  policy: 'secret-env-ref',
  severity: 'high',
  messageId: 'm',
  path: 'spec.containers[0].env[0]',
  keys: [],
  stablePath: [],
  atMost: 'deny',
  message: 'it is wrong',
  fix: 'do it right',
  fingerprint: 'f',
  referent: [],
  grants: [],
  foldsInto: [],
  policyMode: 'deny',
  mode: 'deny',
  ...changes,
});
const gap = (changes: Partial<JudgedGap> = {}): JudgedGap => ({
  reason: 'malformed',
  policy: '',
  path: 'spec.containers',
  keys: ['spec', 'containers'],
  message: 'is a map where the API has a list',
  fingerprint: 'g',
  mode: 'warn',
  ...changes,
});
const verdict = (
  findings: readonly JudgedFinding[],
  unjudged: readonly JudgedGap[] = [],
): Verdict => ({
  allowed: false,
  stock: [],
  findings,
  unjudged,
});
const runes = (text: string): number => Array.from(text).length;

describe('a denial', () => {
  it('lists every finding, first those that deny, and leaves audit out', () => {
    const text = denialMessage(
      verdict(
        [
          finding(),
          finding({ mode: 'warn', policy: 'b' }),
          finding({ mode: 'audit', policy: 'c' }),
        ],
        [
          gap({ mode: 'deny', policy: 'd', reason: 'internal', path: '', message: 'failed' }),
          gap(),
        ],
      ),
      'Pod shop/checkout',
    );

    expect(text.split('\n')).toEqual([
      '2 findings deny Pod shop/checkout:',
      '- deny secret-env-ref at spec.containers[0].env[0]: it is wrong. Fix: do it right',
      '- deny not judged by d: failed',
      '- warn b at spec.containers[0].env[0]: it is wrong. Fix: do it right',
      '- warn not judged at spec.containers: is a map where the API has a list',
    ]);
  });

  it('tells one cause once, with every policy that misses it', () => {
    const role = {
      reason: 'unknown',
      path: 'roleRef',
      message: 'Role r is not known here',
    } as const;
    const { unjudged, ...rest } = verdict(
      [finding()],
      [
        gap({ ...role, policy: 'a' }),
        gap({ ...role, policy: 'b' }),
        gap({ ...role, policy: 'c', mode: 'audit' }),
        gap({ ...role, policy: 'a', path: 'subjects[0]' }),
      ],
    );
    const text = denialMessage({ ...rest, unjudged }, 'Role r');

    expect(text.split('\n').slice(2)).toEqual([
      '- warn not judged by a, b at roleRef: Role r is not known here',
      '- warn not judged by a at subjects[0]: Role r is not known here',
    ]);
    expect(auditText(unjudged, 1000)).toMatch(/^a roleRef \(warn\); b roleRef \(warn\); c roleRef/);
  });

  it('counts what it does not list', () => {
    const text = denialMessage(verdict(Array.from({ length: 130 }, () => finding())), 'Pod x');

    expect(text.split('\n')).toHaveLength(102);
    expect(text).toMatch(/^130 findings deny Pod x:/);
    expect(text).toMatch(/\n- and 30 more$/);
    expect(denialMessage(verdict([finding()]), 'Pod \u001b')).toMatch(
      /^1 finding denies Pod \\u\{1b\}:/,
    );
  });
});

describe('warnings', () => {
  it('say why a denial is none', () => {
    const warn = (excuse: 'dry-run' | 'ratchet'): JudgedFinding =>
      finding({ mode: 'warn', excuse });

    expect(
      warnings(verdict([warn('dry-run'), warn('ratchet'), finding({ mode: 'warn' })])),
    ).toEqual([
      'would be denied: secret-env-ref at spec.containers[0].env[0]: it is wrong. Fix: do it right',
      'was there before: secret-env-ref at spec.containers[0].env[0]: it is wrong. Fix: do it right',
      'secret-env-ref at spec.containers[0].env[0]: it is wrong. Fix: do it right',
    ]);
    expect(warnings(verdict([finding(), finding({ mode: 'audit' })]))).toEqual([]);
  });

  const long = (path: string): JudgedFinding =>
    finding({ mode: 'warn', path, message: '\u{1f511}'.repeat(600) });

  it('are whole while all of them are within the limit', () => {
    const texts = warnings(verdict(['a', 'b', 'c', 'd', 'e'].map(long)));

    expect(texts.map((text) => text.endsWith('. Fix: do it right'))).toEqual(Array(5).fill(true));
    expect(texts.every((text) => runes(text) > 600)).toBe(true);
  });

  it('are cut at 256 characters beyond it, and say so', () => {
    const texts = warnings(verdict(['a', 'b', 'c', 'd', 'e', 'f', 'g'].map(long)));

    expect(texts.map(runes)).toEqual(Array(7).fill(256));
    expect(texts[0]).toMatch(/\u{1f511}… \(cut\)$/u);
  });

  it('stay within 4,096 characters, each on one line, and count what is left out', () => {
    const shape = fc.record({
      count: fc.integer({ min: 0, max: 60 }),
      message: fc.string({ maxLength: 600 }),
    });
    fc.assert(
      fc.property(fc.array(shape, { maxLength: 4 }), (shapes) => {
        const findings = shapes.flatMap(({ count, message }, group) =>
          Array.from({ length: count }, (_, index) =>
            finding({ mode: 'warn', path: `p${group}-${index}`, message }),
          ),
        );
        const texts = warnings(verdict(findings));
        const total = texts.reduce((sum, text) => sum + runes(text), 0);
        const [, more = '0'] = /^hushgate: and (\d+) more findings/.exec(texts.at(-1) ?? '') ?? [];
        const shown = texts.length - (more === '0' ? 0 : 1);

        expect(total).toBeLessThanOrEqual(4096);
        expect(shown + Number(more)).toBe(findings.length);
      }),
    );
  });
});

describe('the audit annotation', () => {
  it('has every finding with its mode, its excuse and the owner of an exception', () => {
    const exception = {
      policies: [],
      group: '',
      kind: 'Pod',
      namespace: '',
      name: { exact: 'x' },
      paths: [],
      owner: 'team\n',
      reason: '',
      expires: 0,
    };
    const text = auditText(
      [finding({ mode: 'audit', excuse: 'exception', exception }), finding(), gap()],
      1000,
    );

    expect(text).toBe(
      'secret-env-ref spec.containers[0].env[0] (audit, exception of team\\u{a}); secret-env-ref spec.containers[0].env[0] (deny); object spec.containers (warn)',
    );
  });

  it('is cut at its limit', () => {
    expect(auditText([finding(), finding()], 20)).toBe('secret-env-ref spec.… (cut)');
  });
});
