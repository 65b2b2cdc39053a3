import { Type, type Static } from 'typebox';
import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { count } from '../../engine/safe-text.ts';
import { SECRET } from '../../kubernetes/resources.ts';

const days = (fallback: number) => Type.Integer({ default: fallback, minimum: 0 });

const options = Type.Partial(
  Type.Object({
    days: days(90),
    types: Type.Partial(
      Type.Object({
        'kubernetes.io/tls': days(398),
        'kubernetes.io/service-account-token': days(0),
        'bootstrap.kubernetes.io/token': days(0),
        'helm.sh/release.v1': days(0),
      }),
      {
        additionalProperties: Type.Integer({ minimum: 0 }),
        default: {},
        description:
          'Days for Secrets of a type, in place of `days`. 0: never told. Those that are left out keep their defaults.',
      },
    ),
  }),
  { additionalProperties: false, description: 'Days without a change from which it is told.' },
);
type Options = Required<Static<typeof options>>;

const DAY = 24 * 60 * 60 * 1000;

/**
 * Forbidden: a Secret whose `data` no manager has changed for more days than the budget of its type.
 * Allowed:   a younger one; an object without managedFields (a manifest), which shows no age.
 * A manager's time moves with any change by that manager, so the latest time among the managers that own
 * a key of the data is the latest that the data can have changed: the age is a lower bound.
 * @see https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers
 * @see https://github.com/kubernetes/kubernetes/blob/v1.34.4/staging/src/k8s.io/apimachinery/pkg/apis/meta/v1/types.go `ManagedFieldsEntry`
 */
export const policy = {
  meta: {
    id: 'secret-rotation-overdue',
    title: 'Secret that is long past its rotation',
    practice: 'Rotation',
    rationale:
      'A credential that is never changed stays good for everybody who ever saw it: former colleagues, old backups, logs. Rotation bounds how long a leak that nobody noticed is of use.',
    remediation:
      'Change the credential at its source and let the manager bring it here; better, let it be issued for a short time each (Vault dynamic secrets, cert-manager, workload identity).',
    whenNotToUse:
      'For Secrets that hold no credential, and keys that data is encrypted with and cannot change alone. Give their type a budget of 0, or the object an exception. Objects without managedFields are not judged: `kubectl get -o yaml` shows them only with `--show-managed-fields`.',
    severity: 'low',
    modes: { baseline: 'audit', strict: 'warn' },
    appliesTo: { resources: [SECRET], operations: ['CREATE', 'UPDATE'] },
    needs: [],
    references: [
      {
        title: 'Server-side apply: managers and their times',
        url: 'https://kubernetes.io/docs/reference/using-api/server-side-apply/#managers',
      },
      {
        title: 'Good practices for Kubernetes Secrets',
        url: 'https://kubernetes.io/docs/concepts/security/secrets-good-practices/',
      },
    ],
    messages: {
      overdue: {
        message:
          'the data of this Secret has not changed for at least {days} days, over the {budget} days that it may: whoever saw it in that time can still use it',
        fix: 'change the credential at its source, then here; let a manager or a short-lived credential do it from now on',
      },
    },
  },
  options,

  *check(subject, { days: budgetOfOthers, types }, { now }): Iterable<Report> {
    const { object } = subject;
    const budgets: Readonly<Record<string, number | undefined>> = types;
    const type = object.get('type').text() ?? 'Opaque';
    const budget = (Object.hasOwn(budgets, type) ? budgets[type] : undefined) ?? budgetOfOthers;
    if (budget === 0) return;
    const changed = lastChange(object);
    const age = Math.floor((now - (changed ?? now)) / DAY);
    if (age <= budget) return;
    const params = { days: count(age), budget: count(budget) };
    yield { message: 'overdue', at: object.get('data'), params, referent: [] };
  },
} satisfies PolicyModule<Options>;

/** The latest time of a manager that owns something in the data; undefined where none has one. */
function lastChange(secret: Field): number | undefined {
  const times = secret
    .at('metadata', 'managedFields')
    .items()
    .filter((entry) => {
      const fields = entry.get('fieldsV1');
      return fields.get('f:data').present || fields.get('f:stringData').present;
    })
    .map((entry) => Date.parse(entry.get('time').text() ?? ''))
    .filter((time) => !Number.isNaN(time));
  return times.length === 0 ? undefined : Math.max(...times);
}
