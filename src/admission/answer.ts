import type { Facts } from '../engine/facts.ts';
import { judge, type Verdict } from '../engine/judge.ts';
import type { Settings } from '../engine/settings.ts';
import { subjectOf, type Subject } from '../engine/subject.ts';
import { NAMESPACE } from '../kubernetes/resources.ts';
import { isAggregation, isMadeFromTemplate } from './controllers.ts';
import { passFor, type Pass } from './passes.ts';
import { REVIEW_VERSION, type AdmissionRequest } from './review.ts';
import { auditText, denialMessage, warnings } from './text.ts';

/** What goes back to the API server. @see AdmissionResponse in k8s.io/api/admission/v1 */
export interface AdmissionResponse {
  readonly uid: string;
  readonly allowed: boolean;
  readonly status?: { readonly code: number; readonly reason: string; readonly message: string };
  readonly warnings?: readonly string[];
  readonly auditAnnotations?: Readonly<Record<string, string>>;
}

export interface AdmissionReviewAnswer {
  readonly apiVersion: typeof REVIEW_VERSION;
  readonly kind: 'AdmissionReview';
  readonly response: AdmissionResponse;
}

/** An answer with what led to it, for the log and the metrics. */
export interface Answer {
  readonly response: AdmissionResponse;
  readonly verdict: Verdict;
  readonly pass?: Pass;
  /** The object's name, from the object where the request leaves it out. */
  readonly name: string;
}

const CLEAN: Verdict = { allowed: true, findings: [], stock: [], unjudged: [] };

/** The audit log takes annotations whole; this keeps one event small. */
const LONGEST_ANNOTATION = 4096;

/** Judges one request and words the answer. */
export function answer(request: AdmissionRequest, settings: Settings, facts: Facts): Answer {
  const subject = subjectFor(request, request.object);
  const { uid } = request;
  const pass = passFor(request);
  if (pass !== undefined) {
    return { response: { uid, allowed: true }, verdict: CLEAN, pass, name: request.name };
  }
  const verdict = judge(
    {
      subject,
      requester: request.requester,
      auditOnly: isAuditOnly(request, settings),
      ...(request.oldObject === undefined ? {} : { old: subjectFor(request, request.oldObject) }),
    },
    settings,
    facts,
  );
  return { response: responseTo(request, subject, verdict), verdict, name: subject.name };
}

/** The answer where judging itself failed: by `onError`, and it says so. */
export function failedAnswer(
  { uid, name }: AdmissionRequest,
  { onError, dryRun }: Settings,
): Answer {
  const allowed = onError === 'warn' || dryRun;
  const message = 'hushgate could not judge this object: internal error, see its log';
  const response: AdmissionResponse = allowed
    ? { uid, allowed, warnings: [message] }
    : { uid, allowed, status: denied(message) };
  return { response, verdict: { ...CLEAN, allowed }, name };
}

export function reviewOf(response: AdmissionResponse): AdmissionReviewAnswer {
  return { apiVersion: REVIEW_VERSION, kind: 'AdmissionReview', response };
}

function isAuditOnly(request: AdmissionRequest, { controllerPods }: Settings): boolean {
  if (isAggregation(request)) return true;
  return controllerPods === 'audit' && isMadeFromTemplate(request);
}

/** For a Namespace the API server gives its own name as the namespace, though it is in none. */
function subjectFor(request: AdmissionRequest, object: unknown): Subject {
  const { group, kind, operation, subresource } = request;
  const isNamespace = group === NAMESPACE.group && kind === NAMESPACE.kind;
  const namespace = isNamespace ? '' : request.namespace;
  const fromObject = subjectOf(object, { group, kind, namespace, operation, subresource });
  return request.name === '' ? fromObject : { ...fromObject, name: request.name };
}

function responseTo(
  { uid }: AdmissionRequest,
  subject: Subject,
  verdict: Verdict,
): AdmissionResponse {
  const { allowed, findings, unjudged } = verdict;
  const told = warnings(verdict);
  const auditAnnotations = {
    ...(findings.length === 0 ? {} : { findings: auditText(findings, LONGEST_ANNOTATION) }),
    ...(unjudged.length === 0 ? {} : { 'not-judged': auditText(unjudged, LONGEST_ANNOTATION) }),
  };
  return {
    uid,
    allowed,
    ...(allowed ? {} : { status: denied(denialMessage(verdict, describe(subject))) }),
    ...(allowed && told.length > 0 ? { warnings: told } : {}),
    ...(Object.keys(auditAnnotations).length === 0 ? {} : { auditAnnotations }),
  };
}

/** kubectl prints the reason with the message. */
function denied(message: string): NonNullable<AdmissionResponse['status']> {
  return { code: 403, reason: 'Forbidden', message };
}

function describe({ kind, namespace, name, object }: Subject): string {
  const generated = object.at('metadata', 'generateName').value;
  const shown = name === '' && typeof generated === 'string' ? `${generated}…` : name;
  return `${kind} ${namespace === '' ? '' : `${namespace}/`}${shown}`;
}
