import { CANARY } from './canary.ts';
import type { PolicyModule } from '../../src/engine/policy.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { POD } from '../../src/kubernetes/resources.ts';

const fail = (): never => {
  throw new RangeError(CANARY);
};

/** A policy with a mistake in it. */
const broken: PolicyModule = {
  meta: {
    id: 'broken',
    title: 'Broken',
    practice: 'Audit',
    rationale: '',
    remediation: '',
    whenNotToUse: '',
    severity: 'low',
    modes: { baseline: 'deny', strict: 'deny' },
    appliesTo: { resources: [POD], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [],
    messages: {},
  },
  check: fail,
};

/** One policy fails on every Pod. */
export const withBrokenPolicy = (settings: Settings): Settings => ({
  ...settings,
  policies: [{ policy: broken, options: {} }, ...settings.policies],
});

/** Judging fails as a whole, before any policy is asked. */
export const withBrokenModes = (settings: Settings): Settings =>
  Object.defineProperty({ ...settings }, 'modes', { get: fail });

/** The answer to what fails fails too. */
export const withBrokenAnswer = (settings: Settings): Settings =>
  Object.defineProperty(withBrokenModes(settings), 'onError', { get: fail });
