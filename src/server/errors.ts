import type { ReviewProblem } from '../admission/review.ts';
import { REVIEW_VERSION } from '../admission/review.ts';

/** What may be wrong with an HTTP request, before there is a review to answer. */
export type HttpProblem =
  | ReviewProblem
  | 'not-found'
  | 'method-not-allowed'
  | 'unsupported-media-type'
  | 'not-json'
  | 'empty-body'
  | 'body-too-large'
  | 'body-incomplete'
  | 'too-late'
  | 'internal';

export interface HttpError {
  readonly status: number;
  readonly text: string;
}

/** An HTTP request that is refused with one of the answers below. */
export class HttpRefusal extends Error {
  readonly problem: HttpProblem;

  constructor(problem: HttpProblem) {
    super(problem);
    this.name = 'HttpRefusal';
    this.problem = problem;
  }
}

/** Every answer that is not an AdmissionReview. The texts hold nothing of the request. */
export const HTTP_ERRORS: Readonly<Record<HttpProblem, HttpError>> = {
  'not-found': { status: 404, text: 'there is /validate, /livez and /readyz here' },
  'method-not-allowed': { status: 405, text: '/validate takes POST, /livez and /readyz take GET' },
  'unsupported-media-type': { status: 415, text: 'send the review as application/json' },
  'not-json': { status: 400, text: 'the body is not JSON' },
  'empty-body': { status: 400, text: 'the body is empty' },
  'body-too-large': {
    status: 413,
    text: 'the body is over 24 MiB, more than any object the API server takes',
  },
  'body-incomplete': { status: 400, text: 'the body ended before its content-length' },
  'not-a-review': { status: 400, text: 'the body is not an AdmissionReview' },
  'unsupported-version': { status: 400, text: `the review is not of ${REVIEW_VERSION}` },
  'no-request': { status: 400, text: 'the review has no request' },
  'no-uid': { status: 400, text: 'the request has no uid' },
  'bad-request-field': { status: 400, text: 'a field of the request is not what the API says' },
  'too-late': { status: 504, text: "the API server's timeout passed before the answer" },
  internal: { status: 500, text: 'internal error, see the log' },
};
