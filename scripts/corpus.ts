/**
 * Prints the precision and recall of every detector on test/corpus, the part it was tuned on and the held-out part
 * apart, each with its Wilson 95 % lower bound; exits 1 below the goals. Prints places, never a value.
 */
import { readCorpus } from '../test/corpus/corpus.ts';
import {
  measure,
  PRECISION,
  precision,
  RECALL,
  recall,
  total,
  type Score,
} from '../test/corpus/measure.ts';

/**
 * The lower end of the Wilson score interval.
 * @see https://en.wikipedia.org/wiki/Binomial_proportion_confidence_interval#Wilson_score_interval
 */
function wilson(successes: number, trials: number): number {
  if (trials === 0) return 0;
  const z = 1.96;
  const share = successes / trials;
  const centre = share + (z * z) / (2 * trials);
  const spread = z * Math.sqrt((share * (1 - share) + (z * z) / (4 * trials)) / trials);
  return (centre - spread) / (1 + (z * z) / trials);
}

function line(score: Score): string {
  const { detector, hits, falseAlarms, misses } = score;
  const found = hits + falseAlarms.length;
  const wanted = hits + misses.length;
  const figures = [precision(score), wilson(hits, found), recall(score), wilson(hits, wanted)];
  const below = precision(score) < PRECISION || recall(score) < RECALL ? '  below the goal' : '';
  return `${detector.padEnd(27)}${String(wanted).padStart(4)}${figures.map((each) => each.toFixed(3).padStart(11)).join('')}${below}`;
}

const corpus = readCorpus();
for (const tuned of [true, false]) {
  const samples = corpus.filter((sample) => sample.tuned === tuned);
  const scores = measure(samples);
  console.log(`${tuned ? 'tuned' : 'held out'}: ${samples.length} values`);
  console.log(`${'detector'.padEnd(27)}   n  precision   at least     recall   at least`);
  for (const score of [...scores, total(scores)]) console.log(line(score));
  for (const { detector, falseAlarms, misses } of scores) {
    for (const { place } of falseAlarms) console.log(`  ${detector}: false alarm at ${place}`);
    for (const { place } of misses) console.log(`  ${detector}: missed ${place}`);
  }
  console.log('');
  if (scores.some((score) => precision(score) < PRECISION || recall(score) < RECALL))
    process.exitCode = 1;
}
