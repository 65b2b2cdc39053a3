/** Milliseconds of each unit that Go's time.ParseDuration knows: none is longer than an hour. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['µs', 1e-3],
  ['μs', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
]);

/** No duration that anybody writes is longer. */
const LONGEST = 64;

/**
 * A duration as Go writes it (`1h30m`, `0`, `720h0m0s`), in milliseconds; undefined for what Go refuses,
 * such as `1d`.
 * @see https://pkg.go.dev/time#ParseDuration
 */
export function goDuration(text: string): number | undefined {
  const [, sign, amount = ''] = /^([-+]?)(.*)$/s.exec(text.slice(0, LONGEST + 1)) ?? [];
  if (text.length > LONGEST) return undefined;
  if (amount === '0') return 0;
  const parts = [...amount.matchAll(/(\d+\.?\d*|\.\d+)([a-zµμ]+)/gy)];
  const read = parts.reduce((length, [part]) => length + part.length, 0);
  if (read === 0 || read !== amount.length) return undefined;
  let total = 0;
  for (const [, number, unit = ''] of parts) {
    const size = UNITS.get(unit);
    if (size === undefined) return undefined;
    total += Number(number) * size;
  }
  return sign === '-' ? -total : total;
}
