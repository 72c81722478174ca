// The table of all scores: for each name the measurement it comes from, and how its interval, chance level and ceiling are
// found. A score of one's own is one more entry. Names say which variant a number is.

import { Draw } from '../information/draw';
import { type Columns, takeRows } from './columns';
import { drawRows, published } from './protocol';
import { betaVae } from './scores/betaVae';
import { type DciOptions, dci } from './scores/dci';
import { dciMig } from './scores/dciMig';
import { explicitness } from './scores/explicitness';
import { factorVae } from './scores/factorVae';
import { irs } from './scores/irs';
import { jemmig } from './scores/jemmig';
import { mcc } from './scores/mcc';
import { mig, migRank } from './scores/mig';
import { migChen } from './scores/migChen';
import { migSup } from './scores/migSup';
import { modularity } from './scores/modularity';
import { sapContinuous, sapDiscrete } from './scores/sap';
import { unsupervised } from './scores/unsupervised';

/** What is scored: codes [latent][sample], factors [factor][sample], and the posteriors' deviations where they are known. */
export interface Sample {
  readonly codes: Columns;
  readonly factors: Columns;
  readonly deviations?: Columns;
}

/** One measurement; it may give several scores, by name. */
export interface Measured {
  readonly values: Readonly<Record<string, number>>;
  readonly constants: object;
  readonly details: object;
}

/** From codes and factors to the values of one measurement. */
export type Measure = (sample: Sample, seed: number, onProgress?: (share: number) => void) => Measured;

/** A score of the table: what it is, and how it is measured. */
export interface ScoreRecipe {
  /** Which variant this is, in a few words. */
  readonly title: string;
  /** Scores that share a measurement share its work; the value is the one of the score's own name. */
  readonly measure: Measure;
  /** Repetitions for the interval. */
  readonly resamples: number;
  /** Rows it looks at, at most. */
  readonly uses: number;
  /** Repetitions for the chance level. */
  readonly shuffles: number;
  /** The lowest and the highest value that the score can have; 0 and 1 by default. */
  readonly range?: readonly [number, number];
  /** Its excess on few rows falls as 1 / rows, as that of plug-in information does, and so can be estimated (a test). */
  readonly biased?: boolean;
  /** What is shuffled for it: the rows of the codes against the factors, or every latent on its own. */
  readonly shuffled: 'rows' | 'latents';
  /** The best value there is where it is known exactly; else it is the score of the true factors as codes. */
  readonly ceiling?: number;
  /** The factors' values count as numbers, not only as labels: so they do in the codes that give the ceiling. */
  readonly numeric?: boolean;
  /** The posteriors' deviations are needed. */
  readonly posterior?: boolean;
  /** It takes minutes at the published number of rows: given when asked for by name. */
  readonly slow?: boolean;
}

const split = published.trainRows + published.testRows;
const cheap = { resamples: 20, shuffles: 3, uses: published.trainRows, shuffled: 'rows' } as const;
/** Votes and differences are of all rows there are. */
const costly = { resamples: 8, shuffles: 2, uses: Number.POSITIVE_INFINITY, shuffled: 'rows' } as const;
const costliest = { resamples: 4, shuffles: 1, uses: split, shuffled: 'rows' } as const;
/** Boosted trees take minutes: one more fit for each of these. */
const slowest = { resamples: 2, shuffles: 1, uses: split, shuffled: 'rows', slow: true } as const;
const linear = { ...cheap, uses: split, numeric: true } as const;
/** An entropy, a distance: from 0 on. */
const unbounded = [0, Number.POSITIVE_INFINITY] as const;
/** Dependence between latents: none is best. */
const withoutFactors = { ...cheap, shuffled: 'latents', ceiling: 0, range: unbounded } as const;

const PURPOSE = 3005;

/** Scores that see all rows they are given are given the study's number of rows. */
const onRows =
  (score: (sample: Sample) => Measured): Measure =>
  (sample, seed) => {
    const { codes, factors, deviations } = sample;
    const rows = scoredRows(factors, seed);
    const found = score({
      codes: takeRows(codes, rows),
      factors: takeRows(factors, rows),
      deviations: deviations && takeRows(deviations, rows),
    });
    return withRows(found, rows.length);
  };

/** Those rows of factors [factor][sample]. */
export const scoredRows = (factors: Columns, seed: number): Int32Array =>
  drawRows(factors, published.trainRows, new Draw(seed, PURPOSE));

/** Says how many they are. */
export const withRows = (found: Measured, rows: number): Measured => ({
  ...found,
  constants: { rows, ...found.constants },
});

/** A record of one score as a measurement. */
export function one<R extends { readonly score: number; readonly constants: object }>(
  name: string,
  record: R,
): Measured {
  const { score, constants, ...details } = record;
  return { values: { [name]: score }, constants, details };
}

const unsupervisedScores: Measure = onRows(({ codes }) => {
  const { constants, ...values } = unsupervised(codes);
  return { values, constants, details: {} };
});

/** The three numbers of one DCI, by names that say which learner they come from. */
const dciBy =
  (mode: DciOptions['mode'], prefix: string): Measure =>
  ({ codes, factors }, seed, onProgress) => {
    const found = dci(codes, factors, { mode, seed }, onProgress);
    const { disentanglement, completeness, informativeness, constants, importance, informativenessOfFactor } = found;
    return {
      values: {
        [`${prefix}Disentanglement`]: disentanglement,
        [`${prefix}Completeness`]: completeness,
        [`${prefix}Informativeness`]: informativeness,
      },
      constants,
      details: { importance, informativenessOfFactor },
    };
  };
const dciTrees = dciBy('trees', 'dci');
const dciLasso = dciBy('lasso', 'dciLasso');

/** Every score, by name. */
export const scores = {
  mig: {
    title: 'gap of plug-in information, 20 equal-width bins, means',
    measure: onRows(({ codes, factors }) => one('mig', mig(codes, factors))),
    ...cheap,
    biased: true,
  },
  migRank: {
    title: 'the same on ranks, 20 bins of equal counts',
    measure: onRows(({ codes, factors }) => one('migRank', migRank(codes, factors))),
    ...cheap,
    biased: true,
  },
  migChen: {
    title: 'gap of information of sampled latents, by mixtures',
    measure: onRows(({ codes, factors, deviations }) => one('migChen', migChen(codes, deviations ?? [], factors))),
    ...costliest,
    // Of information that is estimated, and may be negative.
    range: [-1, 1],
    uses: published.trainRows,
    ceiling: 1,
    posterior: true,
  },
  betaVae: {
    title: 'which factor is shared, from mean absolute differences',
    measure: ({ codes, factors }, seed) => one('betaVae', betaVae(codes, factors, { seed })),
    ...costly,
  },
  factorVae: {
    title: 'which factor is held, from the quietest latent',
    measure: ({ codes, factors }, seed) => one('factorVae', factorVae(codes, factors, { seed })),
    ...costly,
  },
  dciDisentanglement: { title: 'one factor a latent, by importance in boosted trees', measure: dciTrees, ...slowest },
  dciCompleteness: { title: 'one latent a factor, the same trees', measure: dciTrees, ...slowest },
  dciInformativeness: { title: 'accuracy of those trees', measure: dciTrees, ...slowest },
  dciLassoDisentanglement: { title: 'one factor a latent, by lasso coefficients', measure: dciLasso, ...linear },
  dciLassoCompleteness: { title: 'one latent a factor, the same lasso', measure: dciLasso, ...linear },
  dciLassoInformativeness: {
    title: 'variance that lasso explains',
    measure: dciLasso,
    ...linear,
    range: [Number.NEGATIVE_INFINITY, 1],
  },
  migSup: {
    title: 'gap between the two factors a latent knows most about',
    measure: onRows(({ codes, factors }) => one('migSup', migSup(codes, factors))),
    ...cheap,
    biased: true,
  },
  jemmig: {
    title: 'gap of information less what is left of the best latent, 1 is best',
    measure: onRows(({ codes, factors }) => one('jemmig', jemmig(codes, factors))),
    ...cheap,
  },
  dciMig: {
    title: 'gap a latent, of the best latent of every factor',
    measure: onRows(({ codes, factors }) => one('dciMig', dciMig(codes, factors))),
    ...cheap,
    biased: true,
  },
  mcc: {
    title: 'mean largest correlation, one latent for each factor',
    measure: onRows(({ codes, factors }) => one('mcc', mcc(codes, factors))),
    ...cheap,
    numeric: true,
  },
  sapDiscrete: {
    title: 'gap of accuracy of one-latent linear SVMs',
    measure: ({ codes, factors }, seed) => one('sapDiscrete', sapDiscrete(codes, factors, { seed })),
    ...costly,
    uses: split,
  },
  sapContinuous: {
    title: 'gap of squared correlation',
    measure: onRows(({ codes, factors }) => one('sapContinuous', sapContinuous(codes, factors))),
    ...cheap,
    numeric: true,
  },
  modularity: {
    title: 'one factor a latent, all latents alike',
    measure: onRows(({ codes, factors }) => one('modularity', modularity(codes, factors))),
    ...cheap,
  },
  explicitness: {
    title: 'area under ROC of a linear classifier on all latents',
    measure: ({ codes, factors }, seed) => one('explicitness', explicitness(codes, factors, { seed })),
    ...costliest,
  },
  irs: {
    title: 'how little a latent strays while a factor is held',
    measure: onRows(({ codes, factors }) => one('irs', irs(codes, factors))),
    ...cheap,
  },
  gaussianTc: {
    title: 'nats, of a Gaussian with the codes covariance; less is better',
    measure: unsupervisedScores,
    ...withoutFactors,
  },
  gaussianWasserstein: {
    title: 'squared distance of that Gaussian from its marginals; less is better',
    measure: unsupervisedScores,
    ...withoutFactors,
  },
  gaussianWassersteinNormalised: {
    title: 'the same over the trace of the covariance; less is better',
    measure: unsupervisedScores,
    ...withoutFactors,
    range: [0, 2],
  },
  meanPairwiseInformation: {
    title: 'nats between two latents, 20 bins; less is better',
    measure: unsupervisedScores,
    ...withoutFactors,
  },
} satisfies Record<string, ScoreRecipe>;

/** Names of the table of scores. */
export type ScoreName = keyof typeof scores;

/** Names of the scores, in the order of the table. */
export const scoreNames = Object.keys(scores) as ScoreName[];
