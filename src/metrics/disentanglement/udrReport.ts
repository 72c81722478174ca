// UDR as it may be shown: with an interval, its level by chance and its ceiling. It belongs to a set of models of the same
// data, such as the seeds of one setting, where the other scores belong to one code.

import { Draw } from '../information/draw';
import { meanOf, takeRows } from './columns';
import { someOf } from './protocol';
import { intervalOf, resampleSize, type ScoreEntry } from './report';
import { type UdrModel, udr } from './udr';

/** Samples that the study compares models on. */
const ROWS = 1000;
const RESAMPLES = 8;
const SHUFFLES = 2;
const PURPOSE = 3008;

/** What is shown of one model. */
export type UdrEntry = Omit<ScoreEntry, 'name'> & { readonly name: 'udr' };

/**
 * UDR of every one of at least two models, whose codes are of the same rows. Interval: other samples of the rows. Chance: every
 * model's rows shuffled on their own. Ceiling: the model compared with itself, which the lasso keeps below 1. Throws
 * InputError as `udr`.
 */
export function reportUdr(models: readonly UdrModel[], seed: number): UdrEntry[] {
  const rows = models[0]?.codes[0]?.length ?? 0;
  const scoresOf = (count: number, draw: Draw) => {
    const chosen = someOf(rows, Math.min(count, rows), draw);
    return udr(models.map(({ codes, divergence }) => ({ codes: takeRows(codes, chosen), divergence })));
  };
  const { scores, constants } = scoresOf(ROWS, new Draw(seed, PURPOSE));
  const used = Math.min(ROWS, rows);
  const repeated = Array.from({ length: RESAMPLES }, (_, r) =>
    scoresOf(resampleSize(rows, ROWS), new Draw(seed, PURPOSE + 1 + r)),
  );
  const byChance = Array.from({ length: SHUFFLES }, (_, r) =>
    shuffled(models, rows, new Draw(seed, PURPOSE + 101 + r)),
  );
  return scores.map((value, m) => ({
    name: 'udr',
    title: 'models of other seeds found the same latents, by lasso',
    value,
    interval: intervalOf(
      value,
      repeated.map((found) => found.scores[m]),
    ),
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

function shuffled(models: readonly UdrModel[], rows: number, draw: Draw) {
  return udr(
    models.map(({ codes, divergence }) => {
      const order = draw.permutation(rows).slice(0, ROWS);
      return { codes: takeRows(codes, order), divergence };
    }),
  );
}
