import { Type, type Static } from 'typebox';
import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { count } from '../../engine/safe-text.ts';
import { CLUSTER_EXTERNAL_SECRET, EXTERNAL_SECRET } from '../../kubernetes/resources.ts';
import { goDuration } from './shared/go-duration.ts';

const options = Type.Partial(
  Type.Object({
    hours: Type.Integer({
      default: 24,
      minimum: 1,
      description: 'The longest refreshInterval that passes, in hours.',
    }),
  }),
  { additionalProperties: false },
);
type Options = Required<Static<typeof options>>;

const HOUR = 3_600_000;

/** Generators that make another value at each refresh: fetching once is what they are for. */
const MAKERS: ReadonlySet<string> = new Set(['Password', 'SSHKey', 'UUID']);

/**
 * Forbidden: `refreshPolicy` CreatedOnce or OnChange; else a `refreshInterval` of zero or less, above the
 *            option `hours`, or that is no Go duration (the controller cannot decode the object).
 * Allowed:   no `refreshInterval` (the API sets 1h); sources that are generators of random values alone.
 * With CreatedOnce and OnChange the interval counts for nothing.
 * @see https://github.com/external-secrets/external-secrets/blob/main/pkg/controllers/externalsecret/externalsecret_controller.go `shouldRefresh`
 */
export const policy = {
  meta: {
    id: 'external-secret-refresh',
    title: 'ExternalSecret that never or seldom refreshes',
    practice: 'Rotation',
    rationale:
      'A rotation in the vault reaches the cluster with the next refresh. Without one the Secret keeps the old credential: it breaks when the vault revokes it, or it keeps somebody from revoking it.',
    remediation:
      'Leave `refreshPolicy` at Periodic and set `refreshInterval` to what a rotation may wait, an hour in most cases.',
    whenNotToUse:
      'For values that must not change under a running program, such as a key that data is encrypted with. Grant that ExternalSecret an exception. Where a vault bills each read, raise `hours`.',
    severity: 'low',
    modes: { baseline: 'warn', strict: 'warn' },
    appliesTo: {
      resources: [EXTERNAL_SECRET, CLUSTER_EXTERNAL_SECRET],
      operations: ['CREATE', 'UPDATE'],
    },
    needs: [],
    references: [
      {
        title: 'External Secrets: update behaviour',
        url: 'https://external-secrets.io/latest/api/externalsecret/#update-behavior-with-3-different-refresh-policies',
      },
    ],
    messages: {
      'policy-never': {
        message:
          'with this refreshPolicy the value is fetched once and not again by itself, so a rotation in the vault does not reach the cluster',
        fix: 'refreshPolicy: Periodic, refreshInterval: 1h0m0s',
      },
      'interval-never': {
        message:
          'with this refreshInterval the value is fetched once, so a rotation in the vault does not reach the cluster',
        fix: 'refreshInterval: 1h0m0s',
      },
      'interval-long': {
        message:
          'the value is fetched every {hours} hours, so a rotation in the vault reaches the cluster only then',
        fix: 'refreshInterval: 1h0m0s (at most {most}h)',
      },
      'no-duration': {
        message:
          'this refreshInterval is no Go duration (it has no days or weeks), so the controller cannot read the object',
        fix: 'refreshInterval: 1h0m0s (units: h, m, s)',
      },
    },
  },
  options,

  *check(subject, { hours }): Iterable<Report> {
    const spec =
      subject.kind === CLUSTER_EXTERNAL_SECRET.kind
        ? subject.object.at('spec', 'externalSecretSpec')
        : subject.object.get('spec');
    if (onlyMakes(spec)) return;
    const refresh = spec.get('refreshPolicy');
    if (refresh.present && refresh.text() !== 'Periodic') {
      yield { message: 'policy-never', at: refresh, params: {}, referent: [] };
      return;
    }
    const at = spec.get('refreshInterval');
    const text = at.text();
    if (text === undefined) return;
    const interval = goDuration(text);
    if (interval === undefined) {
      yield { message: 'no-duration', at, params: {}, referent: [] };
    } else if (interval <= 0) {
      yield { message: 'interval-never', at, params: {}, referent: [] };
    } else if (interval > hours * HOUR) {
      const params = { hours: count(Math.round(interval / HOUR)), most: count(hours) };
      yield { message: 'interval-long', at, params, referent: [params.hours] };
    }
  },
} satisfies PolicyModule<Options>;

/** Whether nothing is fetched: every source is a generator of random values. */
function onlyMakes(spec: Field): boolean {
  const sources = spec.get('dataFrom').items();
  return (
    sources.length > 0 &&
    [...sources, ...spec.get('data').items()].every((source) =>
      MAKERS.has(source.at('sourceRef', 'generatorRef', 'kind').text() ?? ''),
    )
  );
}
