import { Field } from '../engine/field.ts';
import { fieldPath } from '../engine/path.ts';
import type { Operation, Requester } from '../engine/subject.ts';

export const REVIEW_VERSION = 'admission.k8s.io/v1';

/** The part of an AdmissionReview's request that a verdict needs. */
export interface AdmissionRequest {
  readonly uid: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly subresource: string;
  readonly namespace: string;
  /** Where a review leaves it out, the name is read from the object. */
  readonly name: string;
  readonly operation: Operation;
  readonly requester: Requester;
  /** Null on DELETE. */
  readonly object: unknown;
  /** Null on CREATE and CONNECT. */
  readonly oldObject: unknown;
}

export type ReviewProblem =
  'not-a-review' | 'unsupported-version' | 'no-request' | 'no-uid' | 'bad-request-field';

/** A body that is no review this server can answer. `detail` holds no content of an object. */
export class ReviewError extends Error {
  readonly problem: ReviewProblem;
  readonly detail: string;

  constructor(problem: ReviewProblem, detail = '') {
    super(problem);
    this.name = 'ReviewError';
    this.problem = problem;
    this.detail = detail;
  }
}

const OPERATIONS: ReadonlySet<string> = new Set(['CREATE', 'UPDATE', 'DELETE', 'CONNECT']);

/**
 * Reads a body as an AdmissionReview of admission.k8s.io/v1. Throws a ReviewError.
 * @see https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/#request
 */
export function parseReview(body: unknown): AdmissionRequest {
  const review = Field.root(body);
  if (!review.isMap() || review.get('kind').value !== 'AdmissionReview') {
    throw new ReviewError('not-a-review');
  }
  if (review.get('apiVersion').value !== REVIEW_VERSION) {
    throw new ReviewError('unsupported-version');
  }
  const request = review.get('request');
  if (!request.isMap()) throw new ReviewError('no-request');
  const uid = request.get('uid').text() ?? '';
  if (uid === '') throw new ReviewError('no-uid');
  const parsed = readRequest(uid, request);
  const [problem] = request.problems;
  if (problem !== undefined) throw new ReviewError('bad-request-field', fieldPath(problem.at));
  return parsed;
}

function readRequest(uid: string, request: Field): AdmissionRequest {
  const operation = request.get('operation').text();
  if (!isOperation(operation)) throw new ReviewError('bad-request-field', 'request.operation');
  const user = request.get('userInfo');
  const kind = request.get('kind');
  const text = (field: Field): string => field.text() ?? '';
  if (text(kind.get('kind')) === '') {
    throw new ReviewError('bad-request-field', 'request.kind.kind');
  }
  return {
    uid,
    group: text(kind.get('group')),
    version: text(kind.get('version')),
    kind: text(kind.get('kind')),
    subresource: text(request.get('subResource')),
    namespace: text(request.get('namespace')),
    name: text(request.get('name')),
    operation,
    requester: {
      username: text(user.get('username')),
      groups: user
        .get('groups')
        .items()
        .map((group) => text(group)),
    },
    object: request.get('object').value,
    oldObject: request.get('oldObject').value,
  };
}

function isOperation(text: string | undefined): text is Operation {
  return text !== undefined && OPERATIONS.has(text);
}
