/** A prefix of ASCII characters, and what is to be known where it stands. */
export interface Prefix<Value> {
  readonly text: string;
  readonly value: Value;
  /** Whether it does not stand where a letter or a digit lies right behind it, in the direction of reading. */
  readonly isWord: boolean;
}

const WORD = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789');

/** The step from which no way goes on, and at which nothing stands. */
const NOTHING = 1;

/** Which of many prefixes stands at a place, found in one walk: no text of half prefixes makes it slow. */
export class Prefixes<Value> {
  /** The next step by a step and a character; 0, the first step, where no prefix goes on so. */
  readonly #next: Uint16Array;
  /** By step: the prefixes that end there, behind those that end on the way. */
  readonly #found: (readonly Prefix<Value>[])[] = [[], []];
  readonly #stands: Uint8Array;
  readonly #direction: 1 | -1;

  /** @param direction 1 reads on from the place, -1 reads back from it: then the prefixes end there */
  constructor(prefixes: readonly Prefix<Value>[], direction: 1 | -1) {
    const steps = prefixes.reduce((sum, { text }) => sum + text.length, 2);
    const next = new Uint16Array(steps * 256);
    const found = this.#found;
    for (const prefix of prefixes.toSorted((a, b) => a.text.length - b.text.length)) {
      const { text, isWord } = prefix;
      let step = 0;
      for (const code of direction === 1 ? Buffer.from(text) : Buffer.from(text).reverse()) {
        const way = step * 256 + code;
        const here = found[step] ?? [];
        const goOn = WORD.includes(code) ? here.filter((one) => !one.isWord) : here;
        if ((next[way] ?? 0) <= NOTHING) next[way] = found.push(goOn) - 1;
        step = next[way] ?? 0;
      }
      found[step] = [...(found[step] ?? []), prefix];
      if (isWord) for (const code of WORD) next[step * 256 + code] ||= NOTHING;
    }
    this.#next = next;
    this.#direction = direction;
    this.#stands = Uint8Array.from(found, ({ length }) => Number(length > 0));
  }

  /** Whether any prefix stands at `at` of some bytes. */
  stands(bytes: Uint8Array, at: number): boolean {
    return this.#stands[this.#walk(bytes, at)] === 1;
  }

  /** The values of every prefix that stands at `at` of some bytes, the shortest first. */
  at(bytes: Uint8Array, at: number): readonly Value[] {
    return (this.#found[this.#walk(bytes, at)] ?? []).map(({ value }) => value);
  }

  #walk(bytes: Uint8Array, at: number): number {
    let step = 0;
    for (let place = at; place >= 0 && place < bytes.length; place += this.#direction) {
      const then = this.#next[step * 256 + (bytes[place] ?? 0)] ?? 0;
      if (then === 0) break;
      step = then;
    }
    return step;
  }
}
