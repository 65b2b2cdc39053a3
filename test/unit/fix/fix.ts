import { defaultSettings } from '../../../src/config/load.ts';
import type { ExtraFix } from '../../../src/fix/fix.ts';
import { fixText, type FixResult } from '../../../src/fix/fix-text.ts';
import { judged } from '../../../src/fix/sheets.ts';
import { readManifest } from '../../../src/yaml/manifest.ts';

export const GIVEN = {
  settings: { ...defaultSettings(), profile: 'strict' },
  now: Date.UTC(2026, 10, 24),
  namespace: 'shop',
} as const;

export const fixed = (text: string, ...extras: readonly ExtraFix[]): FixResult =>
  fixText(text, extras, GIVEN);

/** The policies and paths of what is found in a text. */
export const found = (text: string): string[] =>
  judged(readManifest(text), GIVEN).flatMap(({ findings }) =>
    findings.map(({ policy, path }) => `${policy} ${path}`),
  );

/** Why each finding is left, by its policy. */
export const left = (text: string, ...extras: readonly ExtraFix[]): string[] =>
  fixed(text, ...extras).left.map(({ finding, words }) => `${finding.policy}: ${words.join()}`);
