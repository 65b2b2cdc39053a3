// What the webhook must say of a fixture in a cluster, and what it said.
import { answer } from '../../src/admission/answer.ts';
import { parseReview } from '../../src/admission/review.ts';
import { Field } from '../../src/engine/field.ts';
import { messageOf } from './api.ts';
import type { ApiResponse } from '../../test/integration/harness/request.ts';
import { strictSettings, type Fixture } from '../../test/support/fixtures.ts';
import { reviewFor } from '../../test/support/reviews.ts';

/** Judged by the day. What is created now was changed now, whatever its managedFields say. */
const DATED: ReadonlySet<string> = new Set([
  'secret-certificate-expiry',
  'secret-rotation-overdue',
]);
const CHANGED_NOW = 'secret-rotation-overdue';

/** Whether a cluster knows what the fixture's verdict rests on: no options, no roles beside it, no day. */
export function hasOwnFacts({ policy, documents, options }: Fixture): boolean {
  return documents.length > 1 || Object.keys(options as object).length > 0 || DATED.has(policy);
}

/**
 * The paths that the webhook must tell of the fixture's policy: those of the file. One with facts of its own
 * is judged here by what the server has in their place: default options, today, only the built-in roles.
 * The API server writes stringData into data.
 */
export function expectedPaths(fixture: Fixture): string[] {
  const paths = hasOwnFacts(fixture)
    ? judgedHere(fixture)
    : fixture.expected.map(({ path }) => path);
  return paths.map((path) => path.replace(/^stringData\b/, 'data')).sort();
}

function judgedHere(fixture: Fixture): string[] {
  const settings = strictSettings({ ...fixture, options: {} });
  return fixture.documents
    .flatMap((document) => {
      const review = parseReview(reviewFor(document));
      return answer(review, settings, { now: Date.now() }).verdict.findings;
    })
    .filter(({ policy }) => policy === fixture.policy && policy !== CHANGED_NOW)
    .map(({ path }) => path);
}

/** The paths of one policy as a user reads them: in the message of a denial, or in warnings. */
export function toldPaths(policy: string, response: ApiResponse): string[] {
  const message = response.status === 403 ? messageOf(response) : '';
  const denied = message
    .split('\n')
    .flatMap((line) => /^- (?:deny|warn) (.*)$/.exec(line)?.[1] ?? []);
  const lines = [...denied, ...response.warnings];
  if (lines.some((line) => /^(?:hushgate: )?and \d+ more/.test(line))) throw new Error('cut');
  const start = `${policy} at `;
  return lines
    .filter((line) => line.startsWith(start) || line.startsWith(`${policy}: `))
    .map((line) => (line.startsWith(start) ? (line.slice(start.length).split(': ')[0] ?? '') : ''));
}

/** What the API server itself has against an object: no denial of ours, and not that it is there already. */
export function rejection(response: ApiResponse): string | undefined {
  if (response.status === 201 || response.status === 409) return undefined;
  const message = messageOf(response);
  return /^admission webhook "\w+\.hushgate\.dev" denied/.test(message) ? undefined : message;
}

export interface Document {
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace: string;
  readonly serviceAccount: string | undefined;
}

export function describeDocument(document: unknown): Document {
  const object = Field.root(document);
  const isPod = object.get('kind').value === 'Pod';
  return {
    apiVersion: object.get('apiVersion').text() ?? '',
    kind: object.get('kind').text() ?? '',
    namespace: object.at('metadata', 'namespace').text() ?? 'fixtures',
    serviceAccount: isPod ? object.at('spec', 'serviceAccountName').text() : undefined,
  };
}
