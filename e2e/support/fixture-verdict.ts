// What the webhook must say of a fixture in a cluster, and what it said.
import { answer } from '../../src/admission/answer.ts';
import { parseReview } from '../../src/admission/review.ts';
import { Field } from '../../src/engine/field.ts';
import { messageOf } from './api.ts';
import type { ApiResponse } from '../../test/integration/harness/request.ts';
import { strictSettings, type Fixture } from '../../test/support/fixtures.ts';
import { reviewFor } from '../../test/support/reviews.ts';

/** What is created now was changed now, whatever its managedFields say. */
const CHANGED_NOW: ReadonlySet<string> = new Set(['secret-rotation-overdue']);

/**
 * The paths that the fixture's policy finds with what the server has: default options, today, and no roles
 * but the built-in ones. One verdict: the same engine on the same file, with what the API server makes of
 * any Secret: stringData written into data, times of its own.
 */
export function expectedPaths(fixture: Fixture): string[] {
  const settings = strictSettings({ ...fixture, options: {} });
  return fixture.documents
    .flatMap(
      (document) =>
        answer(parseReview(reviewFor(document)), settings, { now: Date.now() }).verdict.findings,
    )
    .filter(({ policy }) => policy === fixture.policy && !CHANGED_NOW.has(policy))
    .map(({ path }) => path.replace(/^stringData\b/, 'data'))
    .sort();
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
