import { hash } from 'node:crypto';
import { keysTo, pathOf, stablePath, type Keys } from './path.ts';
import type { Grant, Mode, PolicyMeta, Report, Severity } from './policy.ts';
import type { SafeText } from './safe-text.ts';
import type { Subject } from './subject.ts';

/** One broken practice at one place of an object. Holds no value of any Secret, ConfigMap or literal. */
export interface Finding {
  readonly policy: string;
  readonly severity: Severity;
  /** A key of the policy's messages: what tests and baselines go by, never the text. */
  readonly messageId: string;
  /** Kubernetes field path of the exact field: `spec.containers[0].env[1].valueFrom.secretKeyRef`. */
  readonly path: string;
  /** The same place for those who look it up in the object or its text. */
  readonly keys: Keys;
  /** The same path with names in place of indices: `spec.containers[app].env[DB].…`. */
  readonly stablePath: readonly string[];
  readonly container?: SafeText;
  readonly message: string;
  readonly fix: string;
  /** 32 hex digits: the policy, the object, the path by names and what is referred to or granted. */
  readonly fingerprint: string;
  /** What is referred to: the Secret and key, the subject. */
  readonly referent: readonly SafeText[];
  readonly grants: readonly Grant[];
  /** Policies that tell the same story more strongly, where they find something at the same path. */
  readonly foldsInto: readonly string[];
  /** The most that it leads to, whatever the mode of its policy. */
  readonly atMost: Mode;
}

/** Names are cut in messages only; the fingerprint has them whole. */
const LONGEST_PARAMETER = 253;

export function findingOf(meta: PolicyMeta, subject: Subject, report: Report): Finding {
  const template = meta.messages[report.message];
  if (template === undefined) throw new Error(`${meta.id} has no message "${report.message}"`);
  const keys = keysTo(report.at);
  const stable = stablePath(report.at);
  const { referent, grants = [] } = report;
  return {
    policy: meta.id,
    severity: meta.severity,
    messageId: report.message,
    path: pathOf(keys),
    keys,
    stablePath: stable,
    ...(report.container === undefined ? {} : { container: report.container }),
    message: render(template.message, report.params),
    fix: render(template.fix, report.params),
    fingerprint: fingerprint(meta.id, subject, [stable, report.message, referent, grants]),
    referent,
    grants,
    foldsInto: report.foldsInto ?? meta.foldsInto ?? [],
    atMost: template.atMost ?? 'deny',
  };
}

/** Identifies a finding across versions of its object; compared as a multiset. */
export function fingerprint(policy: string, subject: Subject, what: unknown): string {
  const { group, kind, namespace, name } = subject;
  const text = JSON.stringify([policy, group, kind, namespace, name, what]);
  return hash('sha256', text, 'hex').slice(0, 32);
}

/** Fills `{parameter}`s; one that the report lacks is a mistake in the policy. */
function render(template: string, params: Readonly<Record<string, SafeText>>): string {
  return template.replace(/\{(\w+)\}/g, (_, key: string) => {
    const text = params[key];
    if (text === undefined) throw new Error(`the message needs {${key}}`);
    return text.length > LONGEST_PARAMETER ? `${text.slice(0, LONGEST_PARAMETER)}…` : text;
  });
}
