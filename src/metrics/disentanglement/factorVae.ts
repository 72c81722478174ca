// The FactorVAE score (Kim & Mnih 2018) as disentanglement_lib computes it: hold one factor, and the latent whose variance
// falls most votes for it; a latent's factor is the one it votes for most. Two factors in one latent are punished, one
// factor in two latents is not. Votes are counted for the latents' own numbers, also when some are dead.

import { Draw } from '../information/draw';
import { type Columns, checkColumns, takeRows, varianceOf } from './columns';
import { DEAD_DEVIATION } from './deadLatents';
import { FactorIndex } from './factorIndex';
import { drawRows, published as rows } from './protocol';
import { RowMajor } from './rowMajor';

const published = {
  /** Samples behind one vote. */
  batch: 64,
  trainVotes: rows.trainRows,
  testVotes: rows.testRows,
  /** Rows for the variance of a latent over the whole data set. */
  varianceRows: 10000,
  /** Latents of a smaller standard deviation cannot be voted for. */
  deadDeviation: DEAD_DEVIATION,
  /** Rows every value of a factor must have: batches are drawn within the rows given. */
  leastRowsOfValue: 2,
};

export interface FactorVaeOptions {
  readonly seed: number;
  readonly batch: number;
  readonly trainVotes: number;
  readonly testVotes: number;
  readonly varianceRows: number;
  readonly deadDeviation: number;
}

export const factorVaeDefaults: FactorVaeOptions = { seed: 0, ...published };

export interface FactorVae {
  /** The share of fresh votes that the training votes' majorities predict; 0 where every latent is dead. */
  readonly score: number;
  readonly trainAccuracy: number;
  /** Training votes [factor][latent]. */
  readonly votes: number[][];
  readonly constants: typeof published & FactorVaeOptions;
}

const PURPOSE = 3002;

/**
 * The FactorVAE score of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer
 * than two factors, columns that do not fit, or a factor value with a single row.
 */
export function factorVae(codes: Columns, factors: Columns, options: Partial<FactorVaeOptions> = {}): FactorVae {
  const constants = { ...published, ...factorVaeDefaults, ...options };
  checkColumns('factorVae', codes, factors, { factors: 2 });
  const index = new FactorIndex(factors, 'factorVae', constants.leastRowsOfValue);
  const draw = new Draw(constants.seed, PURPOSE);
  const chosen = takeRows(codes, drawRows(factors, constants.varianceRows, draw));
  const variances = chosen.map((values) => varianceOf(values, 1));
  const active = variances.flatMap((variance, i) => (Math.sqrt(variance) >= constants.deadDeviation ? [i] : []));
  const table = new RowMajor(codes);
  const vote = (count: number): number[][] => {
    const votes = factors.map(() => new Array<number>(codes.length).fill(0));
    for (let v = 0; v < count; v++) {
      const held = draw.below(factors.length);
      votes[held][quietest(table, index, held, constants.batch, active, variances, draw)] += 1;
    }
    return votes;
  };
  if (active.length === 0) {
    const votes = factors.map(() => codes.map(() => 0));
    return { score: 0, trainAccuracy: 0, votes, constants };
  }
  const votes = vote(constants.trainVotes);
  const factorOf = codes.map((_, i) => argmax(votes.map((row) => row[i])));
  const right = (counts: number[][]) => factorOf.reduce((total, factor, i) => total + counts[factor][i], 0);
  return {
    score: right(vote(constants.testVotes)) / constants.testVotes,
    trainAccuracy: right(votes) / constants.trainVotes,
    votes,
    constants,
  };
}

/** The active latent whose variance within a batch that shares factor `held` is smallest relative to its own. */
function quietest(
  { width, data }: RowMajor,
  index: FactorIndex,
  held: number,
  batch: number,
  active: readonly number[],
  variances: readonly number[],
  draw: Draw,
): number {
  const first = index.any(draw);
  const origin = data.subarray(first * width, (first + 1) * width);
  // Sums about the first sample, so that a latent far from 0 keeps its digits.
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let b = 1; b < batch; b++) {
    const at = index.partner(first, held, draw) * width;
    for (let i = 0; i < width; i++) {
      const away = data[at + i] - origin[i];
      sums[i] += away;
      squares[i] += away * away;
    }
  }
  const ratios = active.map((i) => (squares[i] - sums[i] ** 2 / batch) / (batch - 1) / variances[i]);
  return active[argmax(ratios.map((ratio) => -ratio))];
}

/** The place of the largest value, the first of equals. */
export const argmax = (values: readonly number[]): number =>
  values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
