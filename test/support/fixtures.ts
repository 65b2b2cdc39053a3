import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { optionsOf } from '../../src/config/options.ts';
import type { Settings } from '../../src/engine/settings.ts';
import { isForAdmission } from '../../src/engine/policy.ts';
import { catalogue } from '../../src/policies/catalogue.ts';
import { readEnvironment } from '../../src/scan/environment.ts';
import { etcdObject } from '../../src/scan/etcd-file.ts';
import { readYaml } from '../../src/yaml/manifest.ts';

/** A finding that a fixture must give, from its line `# expect: <message id> <path> [in <container>]`. */
export interface Expected {
  readonly message: string;
  readonly path: string;
  readonly container?: string;
}

export interface Fixture {
  readonly policy: string;
  readonly verdict: 'pass' | 'fail';
  readonly file: string;
  /** Every document, in order; the roles among them are the facts of the others. */
  readonly documents: readonly unknown[];
  /** The findings of this policy over all documents, in order. */
  readonly expected: readonly Expected[];
  /** Paths that cannot be judged, from lines `# not-judged: <path>`. */
  readonly notJudged: readonly string[];
  /** From a line `# options: <JSON>`. */
  readonly options: unknown;
}

/** The policies whose fixtures an API server can be asked about. */
export const admissionPolicies = catalogue.filter(({ meta }) => isForAdmission(meta));

/** The day on which fixtures are judged. */
export const FIXTURE_DAY = Date.UTC(2026, 10, 24);

export function fixturesOf(policy: string): Fixture[] {
  return (['pass', 'fail'] as const).flatMap((verdict) => {
    const folder = join('test/policies', policy, verdict);
    return (existsSync(folder) ? readdirSync(folder) : [])
      .sort()
      .map((name) => readFixture(policy, verdict, join(folder, name)));
  });
}

function readFixture(policy: string, verdict: Fixture['verdict'], file: string): Fixture {
  const text = readFileSync(file, 'utf8');
  const [options] = directives(text, 'options');
  return {
    policy,
    verdict,
    file,
    documents: documentsIn(text, file).filter((document) => document !== null),
    expected: directives(text, 'expect').map(readExpected),
    notJudged: directives(text, 'not-judged'),
    options: options === undefined ? {} : JSON.parse(options),
  };
}

function documentsIn(text: string, file: string): readonly unknown[] {
  if (!file.endsWith('.env'))
    return readYaml(text).documents.map((document) => etcdObject(file, document) ?? document);
  return readEnvironment(text).documents.map(({ value }) => value);
}

function directives(text: string, name: string): string[] {
  const start = `# ${name}: `;
  return text
    .split('\n')
    .filter((line) => line.startsWith(start))
    .map((line) => line.slice(start.length).trim());
}

function readExpected(line: string): Expected {
  const [finding = '', container] = line.split(' in ');
  const [message = '', ...path] = finding.split(' ');
  return { message, path: path.join(' '), ...(container === undefined ? {} : { container }) };
}

/** All policies as strict has them, with the fixture's options for its own. */
export function strictSettings(fixture: Fixture): Settings {
  return {
    profile: 'strict',
    policies: catalogue.map((policy) => ({
      policy,
      options: optionsOf(policy, policy.meta.id === fixture.policy ? fixture.options : {}),
    })),
    modes: new Map(),
    namespaces: [],
    exceptions: [],
    dryRun: false,
    onError: 'deny',
    controllerPods: 'audit',
  };
}
