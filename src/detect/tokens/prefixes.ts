/** Which of many prefixes stands at a place, found in one walk: no text of half prefixes makes it slow. */
export interface Prefixes<Value> {
  /** The values of every prefix that stands at `at` of some bytes, the shortest first. */
  at(bytes: Uint8Array, at: number): readonly Value[];
}

/**
 * Makes the table of some prefixes, of ASCII characters.
 * @param direction 1 reads on from the place, -1 reads back from it: then the prefixes end there
 */
export function prefixTable<Value>(
  entries: readonly (readonly [prefix: string, value: Value])[],
  direction: 1 | -1,
): Prefixes<Value> {
  const characters = entries.reduce((sum, [prefix]) => sum + prefix.length, 0);
  // The next step by a step and a character; 0, the first step, where no prefix goes on so.
  const next = new Uint16Array((characters + 1) * 256);
  // By step: the values of prefixes that end there, behind those of prefixes that end on the way.
  const values: (readonly Value[])[] = [[]];
  for (const [prefix, value] of entries.toSorted(([a], [b]) => a.length - b.length)) {
    let step = 0;
    for (const code of direction === 1 ? Buffer.from(prefix) : Buffer.from(prefix).reverse()) {
      const way = step * 256 + code;
      if (next[way] === 0) next[way] = values.push(values[step] ?? []) - 1;
      step = next[way] ?? 0;
    }
    values[step] = [...(values[step] ?? []), value];
  }
  return {
    at(bytes, at) {
      let step = 0;
      for (let place = at; place >= 0 && place < bytes.length; place += direction) {
        const then = next[step * 256 + (bytes[place] ?? 0)] ?? 0;
        if (then === 0) break;
        step = then;
      }
      return values[step] ?? [];
    },
  };
}
