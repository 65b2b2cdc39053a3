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
