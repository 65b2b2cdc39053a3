// What the dashboard and the alerts ask for is what the server counts.
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { answer } from '../../../src/admission/answer.ts';
import { parseReview } from '../../../src/admission/review.ts';
import { defaultSettings } from '../../../src/config/load.ts';
import { createMetrics } from '../../../src/server/metrics.ts';
import { pod, reviewFor } from '../../support/reviews.ts';

const FILES = [
  'charts/hushgate/files/dashboard.json',
  'charts/hushgate/templates/monitoring.yaml',
] as const;

/** Labels by metric, as the server shows them. */
const shown = new Map<string, Set<string>>();

beforeAll(async () => {
  const metrics = createMetrics();
  const review = parseReview(reviewFor(pod()));
  metrics.observe(review, answer(review, defaultSettings(), { now: 0 }), 0.1);
  metrics.failed(review);
  metrics.refused('too-large');
  metrics.reloaded('certificate', true);
  metrics.certificateExpires(new Date());
  for (const line of (await metrics.text()).split('\n')) {
    const [, name, labels = ''] = /^(hushgate_\w+)(?:\{(.*)\})? /.exec(line) ?? [];
    if (name === undefined) continue;
    const known = shown.get(name) ?? new Set();
    for (const [, label = ''] of labels.matchAll(/(\w+)="/g)) known.add(label);
    shown.set(name, known);
  }
});

describe.each(FILES)('%s', (file) => {
  const text = readFileSync(file, 'utf8');

  it('asks for metrics that the server shows', () => {
    const asked = [...new Set(text.match(/\bhushgate_\w+/g))];
    expect(asked.length).toBeGreaterThan(3);
    expect(asked.filter((name) => !shown.has(name))).toEqual([]);
  });

  it('groups them by labels that they have', () => {
    const groups = [...text.matchAll(/by \(([\w, ]+)\) \([^()]*\(?(hushgate_\w+)/g)];
    expect(groups.length).toBeGreaterThan(2);
    for (const [, labels = '', name = ''] of groups) {
      expect({ name, labels: [...(shown.get(name) ?? [])] }).toEqual({
        name,
        labels: expect.arrayContaining(labels.split(', ')),
      });
    }
  });
});
