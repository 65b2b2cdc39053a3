import { Field } from './field.ts';

export type Operation = 'CREATE' | 'UPDATE' | 'DELETE' | 'CONNECT';

/** The user who asks, as the API server authenticated it. */
export interface Requester {
  readonly username: string;
  readonly groups: readonly string[];
}

/** From where an object came: the API server, a file on disk, or a stream such as Helm's output. */
export type Origin = 'api' | 'file' | 'stream';

/** What is judged: one object, and how it came. */
export interface Subject {
  readonly group: string;
  readonly kind: string;
  /** Empty for cluster-scoped objects. */
  readonly namespace: string;
  /** Empty when the API server is yet to make it from `generateName`. */
  readonly name: string;
  readonly operation: Operation;
  /** Empty for the resource itself. */
  readonly subresource: string;
  readonly origin: Origin;
  readonly object: Field;
}

/** What is known of an object from outside it; what is left out is read from the object. */
export type SubjectContext = Partial<Omit<Subject, 'object'>>;

/** The subject for an object as `JSON.parse` or a YAML reader gave it. */
export function subjectOf(object: unknown, context: SubjectContext = {}): Subject {
  const field = Field.root(object);
  const apiVersion = plainText(field.get('apiVersion'));
  return {
    group: apiVersion.includes('/') ? apiVersion.slice(0, apiVersion.indexOf('/')) : '',
    kind: plainText(field.get('kind')),
    namespace: plainText(field.at('metadata', 'namespace')),
    name: plainText(field.at('metadata', 'name')),
    operation: 'CREATE',
    subresource: '',
    origin: 'api',
    ...context,
    object: field,
  };
}

function plainText(field: Field): string {
  return field.text() ?? '';
}
