/** Which of many prefixes stands at a place, found in one walk: no text of half prefixes makes it slow. */
export interface Prefixes<Value> {
  /** The values of every prefix that stands in `text` at `at`, the shortest first. */
  at(text: string, at: number): readonly Value[];
}

interface Step<Value> {
  readonly next: Step<Value>[];
  /** Of the prefixes that end here, behind those that end on the way. */
  values: readonly Value[];
}

/**
 * Makes the table of some prefixes, of ASCII characters.
 * @param direction 1 reads on from the place, -1 reads back from it: then prefixes end there
 */
export function prefixTable<Value>(
  entries: readonly (readonly [prefix: string, value: Value])[],
  direction: 1 | -1,
): Prefixes<Value> {
  const start: Step<Value> = { next: [], values: [] };
  const shortestFirst = entries.toSorted(([a], [b]) => a.length - b.length);
  for (const [prefix, value] of shortestFirst) add(start, prefix, value, direction);
  return {
    at(text, at) {
      let here = start;
      for (let place = at; place >= 0 && place < text.length; place += direction) {
        const step = here.next[text.charCodeAt(place)];
        if (step === undefined) break;
        here = step;
      }
      return here.values;
    },
  };
}

function add<Value>(start: Step<Value>, prefix: string, value: Value, direction: 1 | -1): void {
  const codes = Array.from(prefix, (character) => character.charCodeAt(0));
  let here = start;
  for (const code of direction === 1 ? codes : codes.reverse()) {
    here = here.next[code] ??= { next: [], values: here.values };
  }
  here.values = [...here.values, value];
}
