// What the typed client tells of a request that was refused.
import { ApiException } from '@kubernetes/client-node';

export interface Refusal {
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/** The Status object of a refusal; throws when the call was not refused. */
export async function refusal(call: Promise<unknown>): Promise<Refusal> {
  const outcome = await call.catch((error: unknown) => error);
  if (!(outcome instanceof ApiException)) throw new Error('was not refused');
  const body: unknown = outcome.body;
  return (typeof body === 'string' ? JSON.parse(body) : body) as Refusal;
}
