import { describe, expect, it } from '@jest/globals';
import { pretty } from '../../../src/report/pretty.ts';
import { reportOn } from '../../support/reports.ts';

const POD = `apiVersion: v1
kind: Pod
metadata: {name: web}
spec: {containers: [{name: app, envFrom: [{secretRef: {name: db}}]}]}
`;
const report = reportOn({ 'a.yaml': POD, 'b.yaml': 'a: [' });
const linesAt = (width?: number): string[] =>
  pretty(report, { colour: false, ...(width === undefined ? {} : { width }) }).split('\n');

describe('the pretty report', () => {
  it.each([60, 80, 110])('keeps within %i columns, and breaks at spaces alone', (width) => {
    const wide = linesAt(width).filter((line) => line.length > width);

    expect(wide.filter((line) => line.trim().includes(' '))).toEqual([]);
    expect(linesAt(width).join(' ').replaceAll(/\s+/g, ' ')).toBe(
      linesAt().join(' ').replaceAll(/\s+/g, ' '),
    );
  });

  it('is no wider than what one reads well, however wide the terminal', () => {
    expect(linesAt(400)).toEqual(linesAt(110));
  });

  it('has each text in one line when piped', () => {
    const { message, fix } = report.findings[0] ?? { message: '', fix: '' };

    expect(linesAt()).toEqual(
      expect.arrayContaining([`        ${message}`, `        fix: ${fix}`]),
    );
  });

  it('sums up with words that fit the number', () => {
    expect(linesAt().at(-2)).toMatch(/^1 object in 2 files: 1 deny, .*; 1 not judged$/);
    expect(pretty(reportOn({}), { colour: false })).toMatch(
      /^0 objects in 0 files: .*; all judged\n$/,
    );
  });
});
