import type { Field } from '../../engine/field.ts';
import type { PolicyModule, Report } from '../../engine/policy.ts';
import { join, literal, type SafeText } from '../../engine/safe-text.ts';
import { AUDIT_POLICY, CLUSTER_CONFIGURATION, POD } from '../../kubernetes/resources.ts';
import {
  ALL_VERBS,
  meetings,
  SECRETS,
  TOKENS,
  verbsText,
  writtenVerbs,
  type Meeting,
  type Rules,
} from './shared/audit-rules.ts';
import { apiServers, isGiven, setting, type Program } from './shared/program.ts';

/** The one version that is read. */
const VERSION = `${AUDIT_POLICY.group}/v1`;

/**
 * Forbidden: an audit Policy by which some requests on Secrets leave no trace (no rule, or one with level
 *            None or without any stage before), or which writes their values into the log (level Request for writes,
 *            RequestResponse for all but watches), or tokens (RequestResponse for serviceaccounts/token,
 *            Request for tokenreviews); a version that is read no more; a kube-apiserver without
 *            `--audit-policy-file`, or without a log.
 * Allowed:   level Metadata for all requests on Secrets, some stages left out, what rules say of other
 *            resources.
 * The first rule that matches a request decides; a rule without resources is for all of them.
 * @see https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
 */
export const policy = {
  meta: {
    id: 'audit-policy',
    title: 'Audit policy that misses Secrets or logs their values',
    practice: 'Audit',
    rationale:
      'The audit log is the only record of who read which Secret. A policy without a rule for them records nothing, and one that records bodies copies every value into the log, and from there into each place that logs are sent to.',
    remediation:
      'Begin the policy with a rule of level Metadata for secrets, configmaps, serviceaccounts/token and tokenreviews, before any rule of level None, Request or RequestResponse that matches them.',
    whenNotToUse:
      'For the policy of a test cluster. A controller that reads Secrets all day may be left out: grant that rule an exception, so that somebody answers for the gap.',
    severity: 'high',
    modes: { baseline: 'deny', strict: 'deny', permissive: 'deny' },
    scope: 'files',
    appliesTo: { resources: [AUDIT_POLICY, POD, CLUSTER_CONFIGURATION], operations: ['CREATE'] },
    needs: [],
    references: [
      {
        title: 'Auditing: audit policy',
        url: 'https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/#audit-policy',
      },
    ],
    messages: {
      'not-configured': {
        message: 'this API server has no --audit-policy-file: nobody can tell who read a Secret',
        fix: '--audit-policy-file=<file> and --audit-log-path=<file>',
      },
      'no-log': {
        message:
          'this API server has an audit policy and neither --audit-log-path nor --audit-webhook-config-file: it records nothing',
        fix: '--audit-log-path=<file>',
      },
      'old-version': {
        message:
          'no API server since Kubernetes 1.24 reads this version: it does not start with this policy',
        fix: 'apiVersion: audit.k8s.io/v1',
      },
      'not-caught': {
        message: 'no rule catches secrets, so no request on them is recorded',
        fix: 'level: Metadata, resources: [{group: "", resources: [secrets]}]',
      },
      'caught-in-part': {
        message:
          'no rule catches all requests on secrets ({verbs}): those that no rule is for are not recorded',
        fix: 'level: Metadata, resources: [{group: "", resources: [secrets]}] behind the other rules',
      },
      hidden: {
        message: 'this rule comes first and keeps every request on secrets out of the log',
        fix: 'a rule of level Metadata for secrets before it',
      },
      'hidden-in-part': {
        message: 'this rule comes first and keeps requests on secrets out of the log: {which}',
        fix: 'a rule of level Metadata for secrets before it',
      },
      'no-stage': {
        message: 'these stages are all that there is to record of requests on secrets: {which}',
        fix: 'omitStages: [RequestReceived]',
      },
      'values-logged': {
        message:
          'this level writes the values of Secrets into the log, and from there into all that logs are sent to: {which}',
        fix: 'level: Metadata for secrets, in a rule before it',
      },
      'tokens-logged': {
        message: 'this level writes tokens into the log ({what}), which are good until they expire',
        fix: 'level: Metadata for serviceaccounts/token and tokenreviews, in a rule before it',
      },
    },
  },

  *check(subject): Iterable<Report> {
    for (const server of apiServers(subject)) yield* judgeServer(server);
    if (subject.kind !== AUDIT_POLICY.kind) return;
    const { object } = subject;
    const version = object.get('apiVersion');
    if (version.value !== VERSION) yield told('old-version', version);
    const at = object.get('rules');
    const rules: Rules = { rules: at.items(), omitStages: object.get('omitStages') };
    const known = new Set<Field | undefined>();
    for (const report of judgeSecrets(rules, at)) {
      known.add(report.at.parent);
      yield report;
    }
    // A rule that writes all of everything is one story, told of the Secrets.
    for (const report of judgeTokens(rules)) if (!known.has(report.at.parent)) yield report;
  },
} satisfies PolicyModule;

function* judgeServer(server: Program): Iterable<Report> {
  const gap = (message: string, flag: string): Report => {
    const at = server.missing(flag);
    return { message, at, params: {}, ...server.container, referent: [] };
  };
  const given = (flag: string): boolean => isGiven(setting(server, flag));
  if (!given('audit-policy-file')) yield gap('not-configured', 'audit-policy-file');
  else if (!given('audit-log-path') && !given('audit-webhook-config-file')) {
    yield gap('no-log', 'audit-log-path');
  }
}

function* judgeSecrets(rules: Rules, at: Field): Iterable<Report> {
  const { met, left } = meetings(rules, SECRETS);
  if (left.length > 0 && met.every(({ verbs, silent }) => silent.length === verbs.length)) {
    yield told('not-caught', at);
    return;
  }
  for (const meeting of met) yield* judgeMeeting(meeting);
  if (left.length > 0) yield told('caught-in-part', at, { verbs: verbsText(left) });
}

function* judgeMeeting(meeting: Meeting): Iterable<Report> {
  const { level, verbs, silent, narrowed, omitStages } = meeting;
  if (level.value === 'None') {
    const isAll = narrowed.length === 0 && verbs.length === ALL_VERBS.length;
    yield isAll ? told('hidden', level) : hidden(meeting);
  } else if (silent.length > 0) {
    yield told('no-stage', omitStages, { which: which(narrowed, silent) });
  }
  const written = writtenVerbs(meeting, SECRETS);
  if (written.length > 0) yield told('values-logged', level, { which: which(narrowed, written) });
}

function hidden({ level, verbs, narrowed }: Meeting): Report {
  return told('hidden-in-part', level, { which: which(narrowed, verbs) });
}

/** `the users a, b, the verbs get, list`: the requests that the rule is for, as far as no rule before took it. */
function which(
  narrowed: readonly SafeText[],
  verbs: readonly Meeting['verbs'][number][],
): SafeText {
  return join(', ', [...narrowed, verbsText(verbs)]);
}

function* judgeTokens(rules: Rules): Iterable<Report> {
  const [requests, reviews] = TOKENS;
  for (const [resource, what] of [
    [requests, literal('the answers to serviceaccounts/token')],
    [reviews, literal('the bodies of tokenreviews')],
  ] as const) {
    if (resource === undefined) continue;
    for (const meeting of meetings(rules, resource).met) {
      if (writtenVerbs(meeting, resource).length > 0) {
        yield told('tokens-logged', meeting.level, { what });
      }
    }
  }
}

function told(message: string, at: Field, params: Readonly<Record<string, SafeText>> = {}): Report {
  return { message, at, params, referent: Object.values(params) };
}
