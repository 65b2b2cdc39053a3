import type { Field } from '../../../engine/field.ts';
import { join, literal, name, series, type SafeText } from '../../../engine/safe-text.ts';

/** Every verb of requests on a resource, with the text that it is told by. */
const VERBS = {
  get: literal('get'),
  list: literal('list'),
  watch: literal('watch'),
  create: literal('create'),
  update: literal('update'),
  patch: literal('patch'),
  delete: literal('delete'),
  deletecollection: literal('deletecollection'),
} as const;
export type Verb = keyof typeof VERBS;

export const ALL_VERBS: readonly Verb[] = [
  'get',
  'list',
  'watch',
  'create',
  'update',
  'patch',
  'delete',
  'deletecollection',
];

/** Levels at which a resource's verbs write values into the log. A watch is logged without its events. */
export interface Resource {
  readonly group: string;
  readonly resource: string;
  readonly subresource: string;
  readonly verbs: readonly Verb[];
  readonly writtenBy: Readonly<Record<'Request' | 'RequestResponse', readonly Verb[]>>;
}

const LEVELS: ReadonlySet<string> = new Set(['None', 'Metadata', 'Request', 'RequestResponse']);

const BODIES: readonly Verb[] = ['create', 'update', 'patch'];

export const SECRETS: Resource = {
  group: '',
  resource: 'secrets',
  subresource: '',
  verbs: ALL_VERBS,
  writtenBy: { Request: BODIES, RequestResponse: ALL_VERBS.filter((verb) => verb !== 'watch') },
};

/** The answer to a TokenRequest is the token; the body of a TokenReview is one. */
export const TOKENS: readonly Resource[] = [
  {
    group: '',
    resource: 'serviceaccounts',
    subresource: 'token',
    verbs: ['create'],
    writtenBy: { Request: [], RequestResponse: ['create'] },
  },
  {
    group: 'authentication.k8s.io',
    resource: 'tokenreviews',
    subresource: '',
    verbs: ['create'],
    writtenBy: { Request: ['create'], RequestResponse: ['create'] },
  },
];

/** What of an audit Policy decides about a request. */
export interface Rules {
  readonly rules: readonly Field[];
  /** Of all rules, beside their own. */
  readonly omitStages: Field;
}

/** A rule as it meets the requests on one resource that no rule before has taken whole. */
export interface Meeting {
  readonly level: Field;
  /** Where stages are left out: in the rule, or else in the policy. */
  readonly omitStages: Field;
  /** Those of the verbs of which no stage is recorded, with level None of all. */
  readonly silent: readonly Verb[];
  /** Whether a stage is recorded that has bodies, at a level that has them. */
  readonly hasBodies: boolean;
  /** The verbs that are left for it. */
  readonly verbs: readonly Verb[];
  /** What it is narrowed to, beside verbs: users, groups, namespaces, names. Empty: all requests. */
  readonly narrowed: readonly SafeText[];
}

/**
 * The rules that meet requests on a resource, in order, each with the verbs that are left for it, and
 * the verbs that no rule takes whole: the first rule that matches a request decides.
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apiserver/pkg/audit/policy/checker.go
 */
export function meetings(
  { rules, omitStages }: Rules,
  resource: Resource,
): { readonly met: readonly Meeting[]; readonly left: readonly Verb[] } {
  const met: Meeting[] = [];
  let left = resource.verbs;
  for (const rule of rules) {
    const names = namesIn(rule, resource);
    // With any other level the API server does not start: such a rule is for nothing.
    if (names === undefined || !LEVELS.has(rule.get('level').text() ?? '')) continue;
    const wanted = new Set(texts(rule.get('verbs')));
    const verbs = left.filter((verb) => wanted.size === 0 || wanted.has(verb));
    if (verbs.length === 0) continue;
    const narrowed = [...whose(rule), ...names];
    met.push({ level: rule.get('level'), verbs, narrowed, ...recorded(rule, omitStages, verbs) });
    if (narrowed.length === 0) left = left.filter((verb) => !verbs.includes(verb));
  }
  return { met, left };
}

/**
 * What is left of the requests of a rule in the log. A rule leaves out its own stages and those of the
 * policy. Of a watch alone is there a word between the request and its end, and bodies come with the end.
 */
function recorded(
  rule: Field,
  omitStages: Field,
  verbs: readonly Verb[],
): Pick<Meeting, 'omitStages' | 'silent' | 'hasBodies'> {
  const own = rule.get('omitStages');
  const omitted = new Set([own, omitStages].flatMap(texts));
  const omits = (...stages: readonly string[]): boolean =>
    stages.every((stage) => omitted.has(stage));
  const nothing = rule.get('level').text() === 'None';
  const noEnds = omits('RequestReceived', 'ResponseComplete');
  const silent = verbs.filter(
    (verb) => nothing || (noEnds && (verb !== 'watch' || omits('ResponseStarted'))),
  );
  return {
    omitStages: own.present ? own : omitStages,
    silent,
    hasBodies: !omits('ResponseComplete', 'Panic'),
  };
}

/** The verbs whose requests a rule writes into the log with their values. */
export function writtenVerbs(
  { level, verbs, hasBodies }: Meeting,
  { writtenBy }: Resource,
): readonly Verb[] {
  const text = level.text();
  if (!hasBodies || (text !== 'Request' && text !== 'RequestResponse')) return [];
  return verbs.filter((verb) => writtenBy[text].includes(verb));
}

/** `the verbs get, list`, or `all verbs`. */
export function verbsText(verbs: readonly Verb[]): SafeText {
  if (verbs.length === ALL_VERBS.length) return literal('all verbs');
  const listed = join(
    ', ',
    verbs.map((verb) => VERBS[verb]),
  );
  return join(' ', [verbs.length === 1 ? literal('the verb') : literal('the verbs'), listed]);
}

/** The users and namespaces that a rule is for; everybody who is authenticated is no narrowing. */
function whose(rule: Field): SafeText[] {
  const groups = rule.get('userGroups');
  const everybody = texts(groups).includes('system:authenticated');
  return [
    ...listed(literal('the users'), rule.get('users')),
    ...(everybody ? [] : listed(literal('the groups'), groups)),
    ...listed(literal('the namespaces'), rule.get('namespaces')),
  ];
}

/** The resource names that a rule is for, empty for all; undefined where it is not for this resource. */
function namesIn(rule: Field, wanted: Resource): readonly SafeText[] | undefined {
  const groups = rule.get('resources').items();
  if (groups.length === 0) {
    const elsewhere = rule.get('nonResourceURLs').items().length > 0;
    return elsewhere && rule.get('namespaces').items().length === 0 ? undefined : [];
  }
  const matching = groups.filter((group) => isFor(group, wanted));
  if (matching.length === 0) return undefined;
  const names = matching.map((group) => {
    const all = group.get('resources').items().length === 0;
    return all ? [] : listed(literal('the names'), group.get('resourceNames'));
  });
  return names.some((list) => list.length === 0) ? [] : names.flat();
}

function isFor(group: Field, { group: wanted, resource, subresource }: Resource): boolean {
  if ((group.get('group').text() ?? '') !== wanted) return false;
  const resources = texts(group.get('resources'));
  const whole = subresource === '' ? resource : `${resource}/${subresource}`;
  return (
    resources.length === 0 ||
    resources.some(
      (text) =>
        text === '*' ||
        text === whole ||
        text === `${resource}/*` ||
        (subresource !== '' && text === `*/${subresource}`),
    )
  );
}

function listed(what: SafeText, list: Field): SafeText[] {
  const items = list.items();
  return items.length === 0 ? [] : [join(' ', [what, series(items.map(name))])];
}

function texts(list: Field): readonly string[] {
  return list.items().map((item) => item.text() ?? '');
}
