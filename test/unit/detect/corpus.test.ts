import { describe, expect, it } from '@jest/globals';

import { detectionKinds } from '../../../src/detect/detection.ts';
import { readCorpus } from '../../corpus/corpus.ts';
import { measure, PRECISION, precision, RECALL, recall } from '../../corpus/measure.ts';

const corpus = readCorpus();

describe.each([
  ['tuned', true],
  ['held out', false],
])('the %s part of the corpus', (_, tuned) => {
  const samples = corpus.filter((sample) => sample.tuned === tuned);

  it.each(measure(samples).map((score) => [score.detector, score] as const))(
    '%s meets its goals',
    (_name, score) => {
      expect(precision(score)).toBeGreaterThanOrEqual(PRECISION);
      expect(recall(score)).toBeGreaterThanOrEqual(RECALL);
    },
  );

  it('has true samples of every kind, and as many innocent ones', () => {
    const labels = samples.map(({ label }) => label);
    for (const kind of detectionKinds) {
      expect([kind, labels.filter((label) => label === kind).length >= 6]).toEqual([kind, true]);
    }
    expect(labels.filter((label) => label === 'none').length).toBeGreaterThan(200);
  });
});
