// From records to what a study found: statistics of arms, paired comparisons, trends, equality of objectives, predictions beside outcomes.
// It sees records alone, so it can be done again at any time, on records from anywhere.

import { meanOf, sumOf, varianceOf } from '../math/statistics';
import { holm } from '../metrics/invariance/anova';
import { type ScoreOfStudy, scoresOfStudies } from '../runs/measures/scores';
import type { ModelRecord } from '../runs/record';
import { equivalence, type Paired, paired, type Trend, trend } from './paired';
import type { Basis, Cell, Contrast, Definition, Prediction } from './study';
import { type Violation, violationOf } from './violation';

/** The record of an arm of a cell on one seed. */
export interface Found {
  readonly cell: string;
  readonly arm: string;
  readonly seed: number;
  readonly record: ModelRecord;
}

export interface Spread {
  readonly mean: number;
  readonly deviation: number;
}

export interface ArmFound {
  readonly name: string;
  readonly prediction: Prediction;
  readonly because: string;
  readonly seeds: readonly number[];
  readonly diverged: readonly { readonly seed: number; readonly step: number }[];
  /** By basis and score. */
  readonly scores: Readonly<Record<Basis, Readonly<Record<ScoreOfStudy, Spread>>>>;
  /** Mean gap of MIG of means by factor. */
  readonly gaps: Readonly<Record<Basis, readonly number[]>>;
  readonly conditionalTc: Spread;
  readonly irremovable: Spread;
  /** Nats, sums over latents, and of all latents together; null where the data set was looked at in part. */
  readonly information: {
    readonly I: number;
    readonly C: number;
    readonly R: number;
    readonly S: number;
    readonly joint: number;
    readonly totalCorrelation: number;
  } | null;
  /**
   * What the arms are to have in common, nats: reconstruction + beta KL where the objective has a beta, else with 1; of InfoGAN the bound of the
   * codes' information one by one.
   */
  readonly bound: Spread;
  readonly reconstruction: Spread;
  readonly kl: Spread;
  readonly live: number;
  /** Of models that were tested for it. */
  readonly violation: Violation | null;
}

export interface Compared extends Contrast, Paired {
  /** By Holm over all declared contrasts; absent of comparisons that are not among them. */
  readonly adjusted?: number;
  /** Means of both sides over the seeds that both have. */
  readonly means: readonly [from: number, to: number];
}

export interface CellFound {
  readonly name: string;
  readonly about: string;
  readonly factors: readonly string[];
  readonly arms: readonly ArmFound[];
  /** Every score and basis of every arm less the first arm's, seed by seed: described, not declared. */
  readonly described: readonly Compared[];
  /** The gap of each factor, own basis, less the first arm's. */
  readonly byFactor: readonly (Paired & { readonly arm: string; readonly factor: string })[];
  /** Reconstruction and KL of every arm less the first arm's. */
  readonly losses: readonly (Paired & { readonly arm: string; readonly term: 'reconstruction' | 'kl' })[];
  /** Are the bounds of an arm and of the first equal to within 1 % of the first's? */
  readonly equality: readonly {
    readonly arm: string;
    readonly difference: Paired;
    readonly margin: number;
    readonly pValue: number;
  }[];
  readonly trend: (Trend & { readonly arms: readonly string[] }) | null;
  readonly predictions: readonly {
    readonly arm: string;
    readonly prediction: Prediction;
    readonly because: string;
    readonly outcome: 'lower' | 'higher' | 'not told apart';
    readonly agrees: boolean | null;
  }[];
}

export interface Analysis {
  /** The declared contrasts, the primary one first. */
  readonly contrasts: readonly Compared[];
  readonly cells: readonly CellFound[];
}

/** The share of the reference's bound within which two are called equal. */
const EQUAL = 0.01;

/** Comparisons for which no seed has both sides have n = 0 and p = 1, and stay in Holm's family. */
export function analyse(definition: Definition, found: readonly Found[]): Analysis {
  const declared = definition.contrasts.map((contrast) => compare(found, contrast));
  const adjusted = holm(declared.map(({ pValue }) => pValue));
  return {
    contrasts: declared.map((each, i) => ({ ...each, adjusted: adjusted[i] })),
    cells: definition.cells.map((cell) => cellFound(cell, found)),
  };
}

const done = (found: readonly Found[], cell: string, arm: string): Found[] =>
  found.filter((each) => each.cell === cell && each.arm === arm && each.record.status === 'done');

export const scoreOf = ({ record }: Found, basis: Basis, score: ScoreOfStudy): number =>
  record.measures.scores?.[basis].values[score] ?? Number.NaN;

/** Differences of a number of the models of two arms, of the seeds that both have. */
function differences(
  from: readonly Found[],
  to: readonly Found[],
  value: (each: Found, side: 0 | 1) => number,
): number[] {
  return from.flatMap((each) => {
    const other = to.find(({ seed }) => seed === each.seed);
    const difference = other === undefined ? Number.NaN : value(other, 1) - value(each, 0);
    return Number.isFinite(difference) ? [difference] : [];
  });
}

function compare(found: readonly Found[], contrast: Contrast): Compared {
  const { cell, from, to, score } = contrast;
  const bases = [from.basis, to.basis];
  const sides = [done(found, cell, from.arm), done(found, cell, to.arm)] as const;
  const values = differences(...sides, (each, side) => scoreOf(each, bases[side], score));
  const known = sides.map((models, side) =>
    models.filter((each) =>
      sides[1 - side].some(
        (other) => other.seed === each.seed && Number.isFinite(scoreOf(other, bases[1 - side], score)),
      ),
    ),
  );
  const [a, b] = known.map((models, side) => spread(models.map((each) => scoreOf(each, bases[side], score))).mean);
  return { ...contrast, ...paired(values), means: [a, b] };
}

/** Not a number where one of them is none: a record has null for it, which adds like 0. */
const total = (values: readonly number[]): number => (values.every(Number.isFinite) ? sumOf(values) : Number.NaN);

function spread(values: readonly number[]): Spread {
  const known = values.filter(Number.isFinite);
  if (known.length === 0) return { mean: Number.NaN, deviation: Number.NaN };
  return { mean: meanOf(known), deviation: known.length > 1 ? Math.sqrt(varianceOf(known, 1)) : 0 };
}

/** Points of a curve that tell where it ended. */
const LAST = 5;

/** What the objective weighs: see ArmFound.bound. */
export function boundOf({ record }: Found): number {
  const ofEach = record.curves.informationOfEachBound;
  if (ofEach !== undefined) return meanOf(ofEach.slice(-LAST));
  const { reconstruction, kl } = record.measures.losses ?? {};
  if (typeof reconstruction !== 'number' || typeof kl !== 'number') return Number.NaN;
  const beta = record.setting.objective === 'betaVae' ? Number(record.setting['objective.beta']) : 1;
  return reconstruction + beta * kl;
}

function armFound(cell: Cell, arm: Cell['arms'][number], found: readonly Found[]): ArmFound {
  const all = found.filter((each) => each.cell === cell.name && each.arm === arm.name);
  const models = done(found, cell.name, arm.name);
  const measured = models.map(({ record }) => record.measures);
  const inBasis = <T>(of: (basis: Basis) => T) => ({ own: of('own'), turned: of('turned') });
  const information = measured.flatMap(({ information: each }) => (each ? [each] : []));
  const mean = (of: (each: (typeof information)[number]) => number) => spread(information.map(of)).mean;
  const valuesOf = (estimates: readonly { readonly value: number }[]) => total(estimates.map(({ value }) => value));
  const factors = measured[0]?.scores?.factors ?? [];
  return {
    name: arm.name,
    prediction: arm.prediction,
    because: arm.because,
    seeds: models.map(({ seed }) => seed),
    diverged: all.flatMap(({ seed, record }) =>
      record.diverged === undefined ? [] : [{ seed, step: record.diverged.step }],
    ),
    scores: inBasis(
      (basis) =>
        Object.fromEntries(
          scoresOfStudies.map((score) => [score, spread(models.map((each) => scoreOf(each, basis, score)))]),
        ) as ArmFound['scores'][Basis],
    ),
    gaps: inBasis((basis) =>
      factors.map((_, f) => meanOf(measured.map(({ scores }) => scores?.[basis].gaps.mig[f] ?? Number.NaN))),
    ),
    conditionalTc: spread(measured.map(({ rotation }) => rotation?.conditionalTc ?? Number.NaN)),
    irremovable: spread(measured.map(({ rotation }) => rotation?.irremovable ?? Number.NaN)),
    information:
      information.length === 0
        ? null
        : {
            I: mean((each) => total(each.information)),
            C: mean((each) => valuesOf(each.conditionalInformation)),
            R: mean((each) => valuesOf(each.redundancy)),
            S: mean((each) => total(each.synergy)),
            joint: mean((each) => each.jointInformation.value),
            totalCorrelation: mean((each) => each.totalCorrelation.value),
          },
    bound: spread(models.map(boundOf)),
    reconstruction: spread(measured.map(({ losses }) => losses?.reconstruction ?? Number.NaN)),
    kl: spread(measured.map(({ losses }) => losses?.kl ?? Number.NaN)),
    live: meanOf(
      models.map(
        ({ record }) => Number(record.setting.latents) - (record.measures.scores?.own.deadLatents.length ?? Number.NaN),
      ),
    ),
    violation: violationOf(models.map(({ record }) => record)),
  };
}

function cellFound(cell: Cell, found: readonly Found[]): CellFound {
  const [reference, ...others] = cell.arms;
  const models = done(found, cell.name, reference.name);
  const factors = models[0]?.record.measures.scores?.factors ?? [];
  const bases = ['own', 'turned'] as const;
  const compared = others.filter(({ name }) => differences(models, done(found, cell.name, name), () => 0).length > 0);
  const described = compared.flatMap((arm) =>
    bases.flatMap((basis) =>
      scoresOfStudies.map((score) =>
        compare(found, {
          cell: cell.name,
          score,
          from: { arm: reference.name, basis },
          to: { arm: arm.name, basis },
        }),
      ),
    ),
  );
  const margin = EQUAL * Math.abs(spread(models.map(boundOf)).mean);
  return {
    name: cell.name,
    about: cell.about,
    factors,
    arms: cell.arms.map((arm) => armFound(cell, arm, found)),
    described,
    byFactor: compared.flatMap((arm) =>
      factors.map((factor, f) => ({
        arm: arm.name,
        factor,
        ...paired(
          differences(
            models,
            done(found, cell.name, arm.name),
            ({ record }) => record.measures.scores?.own.gaps.mig[f] ?? Number.NaN,
          ),
        ),
      })),
    ),
    losses: compared.flatMap((arm) =>
      (['reconstruction', 'kl'] as const).flatMap((term) => {
        const values = differences(
          models,
          done(found, cell.name, arm.name),
          ({ record }) => record.measures.losses?.[term] ?? Number.NaN,
        );
        return values.length === 0 ? [] : [{ arm: arm.name, term, ...paired(values) }];
      }),
    ),
    equality: compared.map((arm) => {
      const values = differences(models, done(found, cell.name, arm.name), boundOf);
      return { arm: arm.name, difference: paired(values), ...equivalence(values, margin) };
    }),
    trend: trendOf(cell, found),
    predictions: compared.map((arm) => {
      const own = described.find(({ to, score }) => to.arm === arm.name && to.basis === 'own' && score === 'mig');
      const outcome = outcomeOf(own);
      const agrees = arm.prediction === 'free' ? null : arm.prediction === 'lower' ? outcome === 'lower' : isSame(own);
      return { arm: arm.name, prediction: arm.prediction, because: arm.because, outcome, agrees };
    }),
  };
}

/** MIG within which two arms are called the same. */
const SAME = 0.1;

/** Null where neither is shown: no difference seen is no sameness. */
function isSame(each: Paired | undefined): boolean | null {
  if (each === undefined) return null;
  const [low, high] = Number.isFinite(each.flipInterval[0]) ? each.flipInterval : each.interval;
  if (low > -SAME && high < SAME) return true;
  return low > 0 || high < 0 ? false : null;
}

/** By the interval of the sign-flip test, or Student's where there are too few seeds for it. */
function outcomeOf(each: Paired | undefined): 'lower' | 'higher' | 'not told apart' {
  if (each === undefined) return 'not told apart';
  const [low, high] = Number.isFinite(each.flipInterval[0]) ? each.flipInterval : each.interval;
  if (high < 0) return 'lower';
  return low > 0 ? 'higher' : 'not told apart';
}

/** The trend of MIG over the arms that have a dose, of the seeds that have all of them. */
function trendOf(cell: Cell, found: readonly Found[]): CellFound['trend'] {
  const dosed = cell.arms.filter(({ dose }) => dose !== undefined).sort((a, b) => Number(a.dose) - Number(b.dose));
  if (dosed.length < 3) return null;
  const models = dosed.map(({ name }) => done(found, cell.name, name));
  const rows = models[0].flatMap(({ seed }) => {
    const row = models.map((each) => each.find((other) => other.seed === seed));
    const values = row.map((each) => (each === undefined ? Number.NaN : scoreOf(each, 'own', 'mig')));
    return values.every(Number.isFinite) ? [values] : [];
  });
  return rows.length === 0 ? null : { ...trend(rows), arms: dosed.map(({ name }) => name) };
}
