// A score as it may be shown: with an interval, its level by chance, and the most that these factors let a code attain.

import { InputError } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import { fQuantile } from '../../math/distributions';
import { meanOf, varianceOf } from '../../math/statistics';
import { Draw } from '../information/draw';
import { type Columns, checkColumns, labelsOf, takeRows, varies } from './columns';
import { DEAD_DEVIATION, deadLatents } from './deadLatents';
import { isComplete, someOf } from './protocol';
import {
  type Measure,
  type Measured,
  type Sample,
  type ScoreName,
  type ScoreRecipe,
  scoreNames,
  scores,
} from './table';

/** Codes, factors and which scores. */
export interface ScoreRequest extends Sample {
  /** Default: all but those that take minutes, which are left out with that reason. */
  readonly only?: readonly ScoreName[];
  /** Measurements of these codes that were made elsewhere, by name, with the same seed: they need not be made again. */
  readonly measured?: Partial<Record<ScoreName, Measured>>;
  /** Of everything that is drawn; the same seed gives the same bits. Default 0. */
  readonly seed?: number;
  /** Called with the share that is done, 0 ... 1. */
  readonly onProgress?: (stage: string, share: number) => void;
}

/** A score with interval, bias, chance level and ceiling. */
export interface ScoreEntry {
  readonly name: ScoreName;
  readonly title: string;
  readonly value: number;
  /**
   * 90 %: where the score of another sample of as many rows would lie, by Student's t on its resamples, inside the score's
   * range. It says how far two codes scored on so many rows can be told apart; what few rows add to both is in `bias`.
   */
  readonly interval: readonly [number, number];
  /**
   * About how much higher the score is than on many more rows, from the resamples, whose excess is larger; null where that
   * says nothing: for scores whose excess does not fall as 1 / rows, and where rows are drawn from a complete table.
   */
  readonly bias: number | null;
  /** The mean score of the same codes after a shuffle that leaves nothing to find. */
  readonly chance: number;
  /** What the true factors score as codes, on the same rows; or the best value there is. */
  readonly ceiling: number;
  readonly constants: Readonly<Record<string, unknown>>;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Every score that was asked for, and why others were left out. */
export interface ScoreReport {
  readonly seed: number;
  readonly rows: number;
  readonly latents: number;
  readonly factors: number;
  /** True where the rows are all combinations of the factors' values, once each. */
  readonly complete: boolean;
  readonly deadLatents: number[];
  /** Factors of a single value: no score can see them. */
  readonly constantFactors: number[];
  readonly scores: ScoreEntry[];
  /** Scores that cannot be given, and why. */
  readonly leftOut: { readonly name: ScoreName; readonly reason: string }[];
}

const LEVEL = 0.9;
const PURPOSE = 3006;

/**
 * Scores codes [latent][sample] against factors [factor][sample], whole numbers from 0. `deviations` [latent][sample], the
 * standard deviations of the posteriors, are for migChen alone. Throws InputError where nothing can be scored.
 */
export function scoreCodes(request: ScoreRequest): ScoreReport {
  refuseUnknown<ScoreRequest>('scoreCodes', request, {
    codes: true,
    factors: true,
    deviations: true,
    only: true,
    measured: true,
    seed: true,
    onProgress: true,
  });
  const { codes, seed = 0, deviations, onProgress = () => undefined } = request;
  const isSlow = (name: ScoreName): boolean => (scores[name] as ScoreRecipe).slow === true;
  const only = request.only ?? scoreNames.filter((name) => !isSlow(name));
  const constantFactors = request.factors.flatMap((factor, j) => (varies(factor) ? [] : [j]));
  const factors = request.factors.filter(varies);
  if (codes.length === 0 || codes[0].length < 2) throw new InputError('a score needs at least one latent and two rows');
  if (factors.length === 0) throw new InputError('no factor varies, so there is nothing to score');
  checkColumns('a score', codes, factors);
  const sample: Sample = { codes, factors, deviations };
  const dead = deadLatents(codes);
  const work = new Map<Measure, ScoreName[]>();
  for (const name of only) work.set(scores[name].measure, [...(work.get(scores[name].measure) ?? []), name]);
  const found = new Map<ScoreName, ScoreEntry>();
  const leftOut: ScoreReport['leftOut'] =
    request.only === undefined
      ? scoreNames.filter(isSlow).map((name) => ({ name, reason: 'it takes minutes; ask for it by name' }))
      : [];
  let done = 0;
  for (const names of work.values()) {
    const recipe: ScoreRecipe = scores[names[0]];
    try {
      if (recipe.posterior && deviations === undefined)
        throw new InputError(`${names[0]} needs the standard deviations of the posteriors, not their means alone`);
      const tell = (share: number) => onProgress(names.join(', '), (done + share) / work.size);
      for (const entry of entriesOf(names, recipe, sample, seed, dead, request.measured?.[names[0]], tell))
        found.set(entry.name, entry);
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      leftOut.push(...names.map((name) => ({ name, reason: error.message })));
    }
    done += 1;
    onProgress(names.join(', '), done / work.size);
  }
  return {
    seed,
    rows: codes[0].length,
    latents: codes.length,
    factors: factors.length,
    complete: isComplete(factors),
    deadLatents: dead,
    constantFactors,
    scores: only.flatMap((name) => found.get(name) ?? []),
    leftOut,
  };
}

function entriesOf(
  names: readonly ScoreName[],
  recipe: ScoreRecipe,
  sample: Sample,
  seed: number,
  dead: readonly number[],
  known: Measured | undefined,
  onProgress: (share: number) => void,
): ScoreEntry[] {
  const { measure, resamples, shuffles, shuffled, uses } = recipe;
  const streams = (first: number, count: number) =>
    Array.from({ length: count }, (_, r) => new Draw(seed, PURPOSE + first + r));
  // Every repetition takes about as long, and tells the share of its own.
  const fits = Number(known === undefined) + resamples + shuffles + Number(recipe.ceiling === undefined);
  let made = 0;
  const run = (from: Sample, ownSeed: number) => {
    const found = measure(from, ownSeed, (share) => onProgress((made + share) / fits));
    made += 1;
    return found;
  };
  const measured = known ?? run(sample, seed);
  const repeated = streams(1, resamples).flatMap((draw) =>
    attempt(run, resampled(sample, recipe.uses, draw), draw.bits()),
  );
  const byChance = streams(101, shuffles).map((draw) => run(shuffle(sample, shuffled, draw), draw.bits()));
  const best = recipe.ceiling === undefined ? run(trueFactors(sample, recipe.numeric === true), seed) : undefined;
  if (repeated.length < 2)
    throw new InputError(`${names[0]} cannot be repeated on a part of these rows: they are too few`);
  return names.map((name) => {
    const { title, biased, range = [0, 1], ceiling = best?.values[name] ?? Number.NaN }: ScoreRecipe = scores[name];
    const value = measured.values[name];
    const others = repeated.map(({ values }) => values[name]);
    return {
      name,
      title,
      value,
      interval: intervalOf(value, others, range),
      bias: biased === true ? biasOf(value, others, sample, uses) : null,
      chance: meanOf(byChance.map(({ values }) => values[name])),
      ceiling,
      constants: { ...measured.constants, resamples: repeated.length, shuffles, level: LEVEL },
      details: { ...measured.details, deadLatents: dead, deadBelow: DEAD_DEVIATION },
    };
  });
}

/** A resample may lack what the score needs, such as two rows of every value; it is then left out. */
function attempt(measure: Measure, sample: Sample, seed: number) {
  try {
    return [measure(sample, seed)];
  } catch (error) {
    if (error instanceof InputError) return [];
    throw error;
  }
}

/** Another sample like this one, for a score of `uses` rows at most. From a complete table the score draws its own. */
function resampled(sample: Sample, uses: number, draw: Draw): Sample {
  if (isComplete(sample.factors)) return sample;
  const count = sample.factors[0].length;
  return mapped(sample, someOf(count, resampleSize(count, uses), draw));
}

/**
 * How many of `count` rows, drawn without replacement, vary as much as the `uses` that are scored do among other samples:
 * 1/m - 1/count = 1/uses, which is a half where all rows are scored (McCarthy 1969).
 */
export function resampleSize(count: number, uses: number): number {
  const scored = Math.min(count, uses);
  return Math.floor((count * scored) / (count + scored));
}

const mapped = ({ codes, factors, deviations }: Sample, rows: Int32Array): Sample => ({
  codes: takeRows(codes, rows),
  factors: takeRows(factors, rows),
  deviations: deviations && takeRows(deviations, rows),
});

/** The excess of few rows, by that of the still fewer rows of the resamples. */
function biasOf(value: number, repeated: readonly number[], { factors }: Sample, uses: number): number | null {
  if (isComplete(factors)) return null;
  const count = factors[0].length;
  const [rows, fewer] = [count, resampleSize(count, uses)].map((each) => Math.min(each, uses));
  return fewer < rows ? ((meanOf(repeated) - value) * fewer) / (rows - fewer) : null;
}

/**
 * Smaller samples are more biased than the whole, so their scores give the spread and not the place: Student's t on it. No end
 * lies outside the score's range, since no score does.
 */
export function intervalOf(
  value: number,
  repeated: readonly number[],
  [least, most]: readonly [number, number] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY],
): [number, number] {
  const spread = Math.sqrt(varianceOf(repeated, 1));
  if (!Number.isFinite(spread)) return [value, value];
  // The square of Student's t has the F distribution with one degree of freedom above.
  const reach = Math.sqrt(fQuantile(LEVEL, 1, repeated.length - 1)) * spread;
  return [Math.max(least, value - reach), Math.min(most, value + reach)];
}

/** The same codes with nothing to find: rows no longer belong to their factors, or latents to each other. */
function shuffle({ codes, factors, deviations }: Sample, what: ScoreRecipe['shuffled'], draw: Draw): Sample {
  const count = factors[0].length;
  if (what === 'latents')
    return { codes: codes.map((values) => takeRows([values], draw.permutation(count))[0]), factors };
  const order = draw.permutation(count);
  return { codes: takeRows(codes, order), factors, deviations: deviations && takeRows(deviations, order) };
}

/** The factors as codes of mean 0 and variance 1, as they are or as labels; a lone factor gets a dead latent beside it. */
function trueFactors({ factors }: Sample, numeric: boolean): Sample {
  const standard = factors.map((given): Columns[number] => {
    const factor = numeric ? given : labelsOf(given).labels;
    const [mean, deviation] = [meanOf(factor), Math.sqrt(varianceOf(factor))];
    return Float64Array.from(factor, (value) => (value - mean) / deviation);
  });
  const codes = factors.length > 1 ? standard : [...standard, new Float64Array(factors[0].length)];
  return { codes, factors };
}
