import { Type, type Static, type TSchema } from 'typebox';
import { MODES, PROFILES, type Mode, type PolicyModule, type Profile } from '../engine/policy.ts';
import { catalogue } from '../policies/catalogue.ts';

export const API_VERSION = 'hushgate.dev/v1alpha1';
export const KIND = 'HushgateConfiguration';

const oneOf = (values: readonly string[], description: string): TSchema =>
  Type.Enum([...values], { description });

// A YAML 1.1 reader, such as Helm's, makes false of a plain `off`.
const ModeName = Type.Unsafe<WrittenMode>({
  enum: [...MODES, false],
  description: 'off, audit (log and count only), warn (tell the caller) or deny.',
});
const ProfileName = oneOf(PROFILES, 'The set of modes to start from.');
const Names = (description: string) =>
  Type.Array(Type.String({ minLength: 1 }), { minItems: 1, description });
const closed = { additionalProperties: false } as const;

const policySettings = ({ meta, options }: PolicyModule): TSchema =>
  Type.Object(
    {
      mode: Type.Optional(ModeName),
      ...(options === undefined ? {} : { options: Type.Optional(options) }),
    },
    { ...closed, description: `${meta.title}. Serves: ${meta.practice}.` },
  );

const PolicyIds = Type.Enum(
  catalogue.map(({ meta }) => meta.id),
  { description: 'The id of a policy.' },
);

const NamespaceOverride = Type.Object(
  {
    match: Names(
      'Names of namespaces; `*` stands for any characters. Of cluster-scoped objects it means the Namespace itself alone.',
    ),
    profile: Type.Optional(ProfileName),
    policies: Type.Optional(
      Type.Partial(
        Type.Object(Object.fromEntries(catalogue.map(({ meta }) => [meta.id, ModeName]))),
        {
          ...closed,
          description: 'The mode of a policy in these namespaces.',
        },
      ),
    ),
  },
  closed,
);

const ExceptionEntry = Type.Object(
  {
    policies: Type.Array(PolicyIds, { minItems: 1, description: 'The policies that it is about.' }),
    kind: Type.String({ minLength: 1, description: 'The kind of the object: ClusterRole.' }),
    apiGroup: Type.Optional(
      Type.String({ description: 'The API group of a kind that is not built in: argoproj.io.' }),
    ),
    namespace: Type.Optional(
      Type.String({ minLength: 1, description: 'Left out for cluster-scoped kinds.' }),
    ),
    name: Type.Optional(
      Type.String({ minLength: 1, description: 'The exact name of the object.' }),
    ),
    namePrefix: Type.Optional(
      Type.String({ minLength: 1, description: 'In place of name; only with requestedBy.' }),
    ),
    requestedBy: Type.Optional(
      Type.Object(
        {
          users: Type.Optional(Names('User names.')),
          groups: Type.Optional(Names('Group names.')),
        },
        { ...closed, minProperties: 1, description: 'Who must be the one who asks.' },
      ),
    ),
    paths: Names(
      'Places in the object: spec.template.spec.containers[app].env[*], rules[*]; * for all of it.',
    ),
    owner: Type.String({ minLength: 1, description: 'Who answers for it.' }),
    reason: Type.String({ minLength: 1, description: 'Why it is needed.' }),
    expires: Type.String({
      pattern: '^\\d{4}-\\d{2}-\\d{2}$',
      description: 'The last day (UTC) on which it counts: 2027-01-31.',
    }),
  },
  closed,
);

/** The configuration file: the source of its type, its validator and `schema/`. */
export const Configuration = Type.Object(
  {
    apiVersion: Type.Literal(API_VERSION),
    kind: Type.Literal(KIND),
    profile: Type.Optional(ProfileName),
    dryRun: Type.Optional(
      Type.Boolean({ description: 'Turns every denial into a warning that says so.' }),
    ),
    onError: Type.Optional(
      oneOf(
        ['warn', 'deny'],
        'What becomes of an object that could not be judged: warn in baseline, deny in strict.',
      ),
    ),
    controllerPods: Type.Optional(
      oneOf(
        ['audit', 'enforce'],
        'What becomes of findings in Pods, ReplicaSets and Jobs made by built-in controllers, whose template was judged before.',
      ),
    ),
    policies: Type.Optional(
      Type.Partial(
        Type.Object(
          Object.fromEntries(catalogue.map((policy) => [policy.meta.id, policySettings(policy)])),
        ),
        { ...closed, description: 'The mode and options of single policies.' },
      ),
    ),
    namespaces: Type.Optional(
      Type.Array(NamespaceOverride, {
        description: 'Modes for some namespaces; of several entries that match, the last counts.',
      }),
    ),
    exceptions: Type.Optional(
      Type.Array(ExceptionEntry, {
        description: 'Findings that somebody answers for until a day.',
      }),
    ),
  },
  { ...closed, title: KIND },
);

export type ExceptionEntry = Static<typeof ExceptionEntry>;

/** `false` is `off`. */
export type WrittenMode = Mode | false;

export interface NamespaceEntry {
  readonly match: readonly string[];
  readonly profile?: Profile;
  readonly policies?: Readonly<Record<string, WrittenMode>>;
}

/** The parsed file. Typed by hand where the schema's keys and values come from the catalogue. */
export interface Configuration {
  readonly profile?: Profile;
  readonly dryRun?: boolean;
  readonly onError?: 'warn' | 'deny';
  readonly controllerPods?: 'audit' | 'enforce';
  readonly policies?: Readonly<
    Record<string, { readonly mode?: WrittenMode; readonly options?: unknown }>
  >;
  readonly namespaces?: readonly NamespaceEntry[];
  readonly exceptions?: readonly ExceptionEntry[];
}
