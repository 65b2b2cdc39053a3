/** What went wrong between here and the API server. */
export type ClusterProblem =
  | 'misconfigured'
  | 'unreachable'
  | 'unauthenticated'
  | 'forbidden'
  | 'missing'
  | 'conflict'
  | 'refused';

/** A call to the API server that did not work. The message is safe to show: nothing of any object's content. */
export class ClusterError extends Error {
  readonly problem: ClusterProblem;

  constructor(problem: ClusterProblem, message: string) {
    super(message);
    this.name = 'ClusterError';
    this.problem = problem;
  }
}

/** What was asked for: the verb, the words for the object or list, and what a role must name to allow it. */
export interface Asked {
  readonly verb: string;
  readonly what: string;
  readonly group: string;
  readonly resource: string;
  /** Where a single object was asked for. */
  readonly name?: string;
}

/** Why the API server does not do it, by the status alone: its own message may quote an object. */
export function refusal(
  status: number,
  { verb, what, group, resource, name }: Asked,
): ClusterError {
  if (status === 401) {
    return new ClusterError(
      'unauthenticated',
      'the API server does not accept the credentials (401)',
    );
  }
  if (status === 403) {
    const named = name === undefined ? '' : ` with the resourceName "${name}"`;
    return new ClusterError(
      'forbidden',
      `not allowed to ${verb} ${what} (403): grant the verb "${verb}" on the resource "${resource}" of the API group "${group}"${named}`,
    );
  }
  return new ClusterError('refused', `the API server refuses to ${verb} ${what} (${status})`);
}
