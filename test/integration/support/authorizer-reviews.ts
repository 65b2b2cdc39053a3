// What the real authorizer says: SubjectAccessReviews by the ten thousand, many at a time over one connection.
import { connect } from 'node:http2';
import type { SecretVerb } from '../../../src/rbac/secret-access.ts';
import type { Endpoint } from '../harness/transport.ts';

/** May this user do this with Secrets? The name is empty for a request without one. */
export interface Question {
  readonly user: string;
  readonly namespace: string;
  readonly verb: SecretVerb;
  readonly name: string;
}

export interface AccessReviews {
  isAllowed(question: Question): Promise<boolean>;
  close(): void;
}

export function accessReviews(plane: Endpoint): AccessReviews {
  const session = connect(plane.url, { ca: plane.caPem });
  const post = (payload: string): Promise<string> =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': '/apis/authorization.k8s.io/v1/subjectaccessreviews',
        'content-type': 'application/json',
        authorization: `Bearer ${plane.token}`,
      });
      let text = '';
      stream.setEncoding('utf8');
      stream.on('data', (chunk: string) => (text += chunk));
      stream.on('end', () => {
        resolve(text);
      });
      stream.on('error', reject);
      stream.end(payload);
    });
  return {
    isAllowed: async ({ user, namespace, verb, name }) => {
      const resourceAttributes = { namespace, verb, resource: 'secrets', name };
      const answer = await post(
        JSON.stringify({
          apiVersion: 'authorization.k8s.io/v1',
          kind: 'SubjectAccessReview',
          spec: { user, resourceAttributes },
        }),
      );
      const { status } = JSON.parse(answer) as { status: { allowed?: boolean } | string };
      if (typeof status === 'string' || status.allowed === undefined) throw new Error(answer);
      return status.allowed;
    },
    close: () => {
      session.close();
    },
  };
}

const AT_ONCE = 16;

/** The results in the order of the items; no more than a few tasks run at once. */
export async function inParallel<T, R>(
  items: readonly T[],
  task: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const worker = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await task(item);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}
