import { detectCredential } from '../../src/detect/credential.ts';
import { detectionKinds } from '../../src/detect/detection.ts';
import { looksLikeCredentialLiteral } from '../../src/detect/literal.ts';
import { isPlaceholder, isTriviallyWeak } from '../../src/detect/weak.ts';
import type { Sample } from './corpus.ts';

/** The goals for every detector. */
export const PRECISION = 0.98;
export const RECALL = 0.95;

/** How one detector did on a set of samples. */
export interface Score {
  readonly detector: string;
  readonly hits: number;
  readonly falseAlarms: readonly Sample[];
  readonly misses: readonly Sample[];
}

const kinds: ReadonlySet<string> = new Set(detectionKinds);
const isCredential = ({ label }: Sample): boolean => kinds.has(label);

/** Each detector: which samples it is asked, and whether it finds something. */
const detectors: readonly {
  readonly name: string;
  readonly asked: (sample: Sample) => boolean;
  readonly finds: (sample: Sample) => boolean;
}[] = [
  ...detectionKinds.map((kind) => ({
    name: kind,
    asked: () => true,
    finds: (sample: Sample) => detectCredential(sample.value)?.kind === kind,
  })),
  {
    // A known format under a telling name is for the detectors above.
    name: 'credential-literal',
    asked: (sample) => sample.name !== undefined && !isCredential(sample),
    finds: (sample) => looksLikeCredentialLiteral(sample.name ?? '', sample.value),
  },
  {
    // Of `none` only the file of Secret values says anything about placeholders; a weak password is none.
    name: 'placeholder',
    asked: (sample) => sample.label !== 'none' || sample.place.startsWith('secret-values'),
    finds: (sample) => isPlaceholder(sample.value),
  },
  {
    // A literal under a telling name may well be weak, and so may a placeholder.
    name: 'trivially-weak',
    asked: (sample) =>
      sample.label === 'trivially-weak' ||
      isCredential(sample) ||
      (sample.label === 'none' && sample.place.startsWith('secret-values')),
    finds: (sample) => isTriviallyWeak(sample.value),
  },
];

/** Scores each detector on samples. */
export function measure(samples: readonly Sample[]): readonly Score[] {
  return detectors.map(({ name, asked, finds }) => {
    const mine = samples.filter(asked);
    const found = mine.filter(finds);
    return {
      detector: name,
      hits: found.filter(({ label }) => label === name).length,
      falseAlarms: found.filter(({ label }) => label !== name),
      misses: mine.filter((sample) => sample.label === name && !finds(sample)),
    };
  });
}

export const precision = ({ hits, falseAlarms }: Score): number =>
  hits / Math.max(1, hits + falseAlarms.length);
export const recall = ({ hits, misses }: Score): number => hits / Math.max(1, hits + misses.length);

/** The sum of several detectors' scores. */
export function total(scores: readonly Score[]): Score {
  return {
    detector: 'all',
    hits: scores.reduce((sum, { hits }) => sum + hits, 0),
    falseAlarms: scores.flatMap(({ falseAlarms }) => falseAlarms),
    misses: scores.flatMap(({ misses }) => misses),
  };
}
