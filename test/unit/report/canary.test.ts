import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../../../src/policies/catalogue.ts';
import { FORMATS, render } from '../../../src/report/format.ts';
import { CANARY, poison, spellings } from '../../support/canary.ts';
import { fixturesOf, strictSettings } from '../../support/fixtures.ts';
import { CONTEXT, reportOn } from '../../support/reports.ts';

/** Every fixture with the canary in the place of its values, and behind them. */
const reports = catalogue.flatMap(({ meta }) =>
  fixturesOf(meta.id).map((fixture) => {
    const texts = fixture.documents.flatMap((document, index) =>
      [true, false].map((whole) => [
        `${index}-${String(whole)}.json`,
        JSON.stringify(poison(document, whole)),
      ]),
    );
    return reportOn(Object.fromEntries(texts) as Record<string, string>, strictSettings(fixture));
  }),
);

describe('a report on objects full of values', () => {
  it('has findings to tell', () => {
    const found = new Set(reports.flatMap(({ findings }) => findings.map(({ policy }) => policy)));

    expect(found.size).toBeGreaterThan(catalogue.length * 0.8);
  });

  it.each(FORMATS)('shows none of them as %s', (format) => {
    for (const report of reports) {
      const text = render(format, report, CONTEXT);
      for (const spelling of spellings(CANARY)) expect(text).not.toContain(spelling);
    }
  });
});
