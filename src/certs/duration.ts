const UNITS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
};

/**
 * Milliseconds of a duration as Go writes it, with days beside: `90d`, `1h30m`, `0.5d`. Undefined for
 * anything else, also for a number without a unit.
 */
export function parseDuration(text: string): number | undefined {
  if (!/^(?:\d{1,9}(?:\.\d{1,9})?(?:ms|s|m|h|d))+$/.test(text)) return undefined;
  let total = 0;
  for (const [, number, unit = ''] of text.matchAll(/([\d.]+)(ms|s|m|h|d)/g)) {
    total += Number(number) * (UNITS[unit] ?? 0);
  }
  return total;
}
