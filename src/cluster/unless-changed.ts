import { ClusterError } from './errors.ts';

/** Resolves to false when somebody else changed the object first; every other error goes on. */
export async function unlessChanged(write: Promise<unknown>): Promise<boolean> {
  try {
    await write;
    return true;
  } catch (error) {
    if (error instanceof ClusterError && error.problem === 'conflict') return false;
    throw error;
  }
}
