/** What a reader found where it wanted another JSON type. */
export interface Problem {
  readonly at: Field;
  /** `end` where readers go no deeper. */
  readonly expected: 'list' | 'map' | 'string' | 'number' | 'boolean' | 'end';
}

/**
 * One place in an object that came from outside, and the only way policies read it. Reading never
 * throws: null and absent are the same (as in the Kubernetes API), and a value of a wrong type reads
 * as absent but is noted in `problems`, so that it ends as "not judged" and never as "clean".
 */
export class Field {
  readonly value: unknown;
  readonly key: string | number;
  readonly parent: Field | undefined;
  readonly #problems: Problem[];
  #items: readonly Field[] | undefined;
  #made: Map<unknown, unknown> | undefined;

  private constructor(
    value: unknown,
    key: string | number,
    parent: Field | undefined,
    problems: Problem[],
  ) {
    this.value = value ?? undefined;
    this.key = key;
    this.parent = parent;
    this.#problems = problems;
  }

  /** The field of a whole object; problems of every field below it are collected in one list. */
  static root(value: unknown): Field {
    return new Field(value, '', undefined, []);
  }

  /** False where the value is null or not there. */
  get present(): boolean {
    return this.value !== undefined;
  }

  /** The problems met so far by readers anywhere in this object, in the order of reading. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The child under `key`, an own property only: `__proto__` and `constructor` are keys like others. */
  get(key: string): Field {
    const map = this.#map();
    const value = map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
    return new Field(value, key, this, this.#problems);
  }

  /** The child at the end of several keys. */
  at(...keys: readonly string[]): Field {
    return keys.reduce<Field>((field, key) => field.get(key), this);
  }

  /** The items of a list. */
  items(): readonly Field[] {
    if (Array.isArray(this.value)) {
      return (this.#items ??= this.value.map(
        (item, index) => new Field(item, index, this, this.#problems),
      ));
    }
    this.#wrong('list');
    return [];
  }

  /** The entries of a map, each with its map key as `key`. */
  entries(): Field[] {
    const map = this.#map();
    if (map === undefined) return [];
    return Object.keys(map).map((key) => new Field(map[key], key, this, this.#problems));
  }

  text(): string | undefined {
    if (typeof this.value === 'string') return this.value;
    this.#wrong('string');
    return undefined;
  }

  number(): number | undefined {
    if (typeof this.value === 'number') return this.value;
    this.#wrong('number');
    return undefined;
  }

  flag(): boolean | undefined {
    if (typeof this.value === 'boolean') return this.value;
    this.#wrong('boolean');
    return undefined;
  }

  /** Whether this is a map, without noting a problem where it is not: for search by structure. */
  isMap(): boolean {
    return isJsonObject(this.value);
  }

  /** Whether this is a list, without noting a problem where it is not. */
  isList(): boolean {
    return Array.isArray(this.value);
  }

  /** Notes that what stands here is not read, since it is nested deeper than anything that is meant. */
  tooDeep(): void {
    this.#wrong('end');
  }

  /**
   * What `make` gives, made once for this field and the `maker` that asks. It is kept here, so that it goes
   * with the object: entries of a WeakMap outlive young collections, and a scan's memory would grow by them.
   */
  once<Result>(maker: (...given: never[]) => Result, make: () => Result): Result {
    this.#made ??= new Map();
    if (!this.#made.has(maker)) this.#made.set(maker, make());
    return this.#made.get(maker) as Result;
  }

  #map(): Readonly<Record<string, unknown>> | undefined {
    if (isJsonObject(this.value)) return this.value;
    this.#wrong('map');
    return undefined;
  }

  #wrong(expected: Problem['expected']): void {
    if (this.present) this.#problems.push({ at: this, expected });
  }
}

/** A JSON object: not null, not a list. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
