import { loadConfiguration } from '../../src/config/load.ts';
import { judge, type Case, type Verdict } from '../../src/engine/judge.ts';
import { subjectOf } from '../../src/engine/subject.ts';

const TODAY = Date.UTC(2026, 10, 24, 12);
const HEAD = 'apiVersion: hushgate.dev/v1alpha1\nkind: HushgateConfiguration\n';

/** The verdict under a configuration without its head. */
export function verdict(object: unknown, yaml = '', rest: Partial<Case> = {}): Verdict {
  const settings = loadConfiguration(HEAD + yaml, 'test.yaml');
  return judge({ subject: subjectOf(object), ...rest }, settings, { now: TODAY });
}

/** `policy path mode excuse` of the findings of the two policies on env vars. */
export function told(object: unknown, yaml = '', rest: Partial<Case> = {}): string[] {
  return verdict(object, yaml, rest)
    .findings.filter(({ policy }) => policy.startsWith('secret-env-'))
    .map(({ policy, path, mode, excuse }) => [policy, path, mode, excuse ?? ''].join(' ').trim());
}
