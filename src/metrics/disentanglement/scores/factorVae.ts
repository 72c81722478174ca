// The FactorVAE score (Kim & Mnih 2018) as disentanglement_lib computes it: hold one factor, and the latent whose variance
// falls most votes for it; a latent's factor is the one it votes for most. Two factors in one latent are punished, one
// factor in two latents is not. Votes are counted for the latents' own numbers, also when some are dead.

import { varianceOf } from '../../../math/statistics';
import { Draw } from '../../information/draw';
import { type Columns, checkColumns, takeRows } from '../columns';
import { DEAD_DEVIATION } from '../deadLatents';
import { FactorIndex } from '../factorIndex';
import { drawRows, published as rows } from '../protocol';
import { RowMajor } from '../rowMajor';

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

/** Batches and votes of the published protocol. */
export interface FactorVaeOptions {
  readonly seed: number;
  readonly batch: number;
  readonly trainVotes: number;
  readonly testVotes: number;
  readonly varianceRows: number;
  readonly deadDeviation: number;
}

/** The published protocol (Kim & Mnih 2018, as in disentanglement_lib). */
export const factorVaeDefaults: FactorVaeOptions = { seed: 0, ...published };

/** The score, and the votes it rests on. */
export interface FactorVae {
  /** The share of fresh votes that the training votes' majorities predict; 0 where every latent is dead. */
  readonly score: number;
  readonly trainAccuracy: number;
  /** Training votes [factor][latent]. */
  readonly votes: number[][];
  readonly constants: typeof published & FactorVaeOptions;
}

const PURPOSE = 3002;

/** What the votes look at. It is drawn from the factors alone, so all codes of the same rows can share it. */
export interface VotePlan {
  /** How many factors there are. */
  readonly factors: number;
  /** The factor held in every vote; training votes first. */
  readonly held: Int32Array;
  /** Rows behind the votes [vote x batch], which share the factor held. */
  readonly rows: Int32Array;
  /** Rows for the variance of a latent over the whole data set. */
  readonly varianceRows: Int32Array;
  readonly constants: FactorVae['constants'];
}

/**
 * The FactorVAE score of codes [latent][sample] for factors [factor][sample], whole numbers. Throws InputError for fewer
 * than two factors, columns that do not fit, or a factor value with a single row.
 */
export function factorVae(codes: Columns, factors: Columns, options: Partial<FactorVaeOptions> = {}): FactorVae {
  checkColumns('factorVae', codes, factors, { factors: 2 });
  const plan = planVotes(factors, options);
  return countVotes(plan, codes, variancesWithin(codes, plan));
}

/** Draws all votes for factors [factor][sample]. Throws InputError for a factor value with a single row. */
export function planVotes(factors: Columns, options: Partial<FactorVaeOptions> = {}): VotePlan {
  const constants = { ...published, ...factorVaeDefaults, ...options };
  const { batch, seed, trainVotes, testVotes } = constants;
  const index = new FactorIndex(factors, 'factorVae', constants.leastRowsOfValue);
  const draw = new Draw(seed, PURPOSE);
  const varianceRows = drawRows(factors, constants.varianceRows, draw);
  const held = new Int32Array(trainVotes + testVotes);
  const rows = new Int32Array(held.length * batch);
  for (let vote = 0; vote < held.length; vote++) {
    held[vote] = draw.below(factors.length);
    const first = index.any(draw);
    rows[vote * batch] = first;
    for (let b = 1; b < batch; b++) rows[vote * batch + b] = index.partner(first, held[vote], draw);
  }
  return { factors: factors.length, held, rows, varianceRows, constants };
}

/** Variances (by batch - 1) of every latent within the rows of every vote: [vote x latent]. */
function variancesWithin(codes: Columns, { held, rows, constants: { batch } }: VotePlan): Float64Array {
  const { width, data } = new RowMajor(codes);
  const result = new Float64Array(held.length * width);
  const sums = new Float64Array(width);
  const squares = new Float64Array(width);
  for (let vote = 0; vote < held.length; vote++) {
    // Sums about the first sample, so that a latent far from 0 keeps its digits.
    const origin = rows[vote * batch] * width;
    sums.fill(0);
    squares.fill(0);
    for (let b = 1; b < batch; b++) {
      const at = rows[vote * batch + b] * width;
      for (let i = 0; i < width; i++) {
        const away = data[at + i] - data[origin + i];
        sums[i] += away;
        squares[i] += away * away;
      }
    }
    for (let i = 0; i < width; i++) result[vote * width + i] = (squares[i] - sums[i] ** 2 / batch) / (batch - 1);
  }
  return result;
}

/** The score of codes [latent][sample] from their variances within the votes' rows, [vote x latent]. */
export function countVotes(
  { factors, held, varianceRows, constants }: VotePlan,
  codes: Columns,
  within: Float64Array,
): FactorVae {
  const variances = takeRows(codes, varianceRows).map((values) => varianceOf(values, 1));
  const active = variances.flatMap((variance, i) => (Math.sqrt(variance) >= constants.deadDeviation ? [i] : []));
  const votesOf = (from: number, to: number): number[][] => {
    const votes = Array.from({ length: factors }, () => codes.map(() => 0));
    for (let vote = from; vote < to; vote++) votes[held[vote]][quietest(within, vote, active, variances)] += 1;
    return votes;
  };
  if (active.length === 0) return { score: 0, trainAccuracy: 0, votes: votesOf(0, 0), constants };
  const votes = votesOf(0, constants.trainVotes);
  const factorOf = codes.map((_, i) => argmax(votes.map((row) => row[i])));
  const right = (counts: number[][]) => factorOf.reduce((total, factor, i) => total + counts[factor][i], 0);
  return {
    score: right(votesOf(constants.trainVotes, held.length)) / constants.testVotes,
    trainAccuracy: right(votes) / constants.trainVotes,
    votes,
    constants,
  };
}

/** The active latent whose variance within a vote is smallest relative to its own. */
function quietest(within: Float64Array, vote: number, active: readonly number[], variances: readonly number[]): number {
  let best = active[0];
  let least = Number.POSITIVE_INFINITY;
  for (const i of active) {
    const ratio = within[vote * variances.length + i] / variances[i];
    if (ratio < least) [best, least] = [i, ratio];
  }
  return best;
}

/** The place of the largest value, the first of equals. */
export const argmax = (values: readonly number[]): number =>
  values.reduce((best, value, i) => (value > values[best] ? i : best), 0);
