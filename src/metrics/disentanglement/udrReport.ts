// UDR as it may be shown: with an interval, its level by chance and its ceiling. It belongs to a set of models of the same
// data, such as the seeds of one setting, where the other scores belong to one code.

import { meanOf } from '../../math/statistics';
import { Draw } from '../information/draw';
import { takeRows } from './columns';
import { someOf } from './protocol';
import { intervalOf, resampleSize, type ScoreEntry } from './report';
import { type UdrModel, udr } from './scores/udr';

/** Samples that the study compares models on. */
const ROWS = 1000;
const RESAMPLES = 8;
const SHUFFLES = 2;
/** And the next 200: its own streams. */
const PURPOSE = 3400;

/** What is shown of one model. */
export type UdrEntry = Omit<ScoreEntry, 'name'> & { readonly name: 'udr' };

/**
 * UDR of every one of at least two models, whose codes are of the same rows. Interval: other samples of the rows. Chance: every
 * model's rows shuffled on their own. Ceiling: the model compared with itself, which the lasso keeps below 1. Throws
 * InputError as `udr`.
 */
export function reportUdr(models: readonly UdrModel[], seed: number): UdrEntry[] {
  const rows = models[0]?.codes[0]?.length ?? 0;
  const used = Math.min(ROWS, rows);
  const compared = (rowsOfNext: () => ArrayLike<number>) =>
    udr(models.map(({ codes, divergence }) => ({ codes: takeRows(codes, rowsOfNext()), divergence })));
  const onSame = (count: number, draw: Draw) => {
    const chosen = someOf(rows, count, draw);
    return compared(() => chosen);
  };
  const streams = (first: number, count: number) =>
    Array.from({ length: count }, (_, r) => new Draw(seed, PURPOSE + first + r));
  const { scores, constants } = onSame(used, new Draw(seed, PURPOSE));
  const repeated = streams(1, RESAMPLES).map((draw) => onSame(resampleSize(rows, ROWS), draw));
  const byChance = streams(101, SHUFFLES).map((draw) => compared(() => someOf(rows, used, draw)));
  return scores.map((value, m) => ({
    name: 'udr',
    title: 'models of other seeds found the same latents, by lasso',
    value,
    interval: intervalOf(
      value,
      repeated.map((found) => found.scores[m]),
      [0, 1],
    ),
    bias: null,
    chance: meanOf(byChance.map((found) => found.scores[m])),
    ceiling: udr([models[m], models[m]]).scores[0],
    constants: {
      ...constants,
      rows: used,
      models: models.length,
      resamples: RESAMPLES,
      shuffles: SHUFFLES,
    },
    details: {},
  }));
}
