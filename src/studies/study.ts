// A study as data: which arms are compared on which seeds, in which cells (a data set, an objective), by which score, and what theory says
// beforehand. Training, measuring and statistics know nothing of it but this.

import { InputError } from '../engine';
import { type Job, jobOf } from '../runs/job';
import type { MeasureName } from '../runs/measures';
import type { ScoreOfStudy } from '../runs/measures/scores';
import { settingOf } from '../runs/recipe';
import type { Flat, Setting } from '../runs/setting';
import { powerOf } from './paired';

/** What theory says of an arm's score beside the reference's: `free` is said where it says nothing. */
export type Prediction = 'lower' | 'same' | 'free';

export interface Arm {
  readonly name: string;
  /** What sets it apart from the study's base and its cell. */
  readonly change: Flat;
  readonly prediction: Prediction;
  /** Why theory says so, in a few words. */
  readonly because: string;
  /** Its place in a dose-response: arms of a cell that have one are tested for a trend, the first dose lowest. */
  readonly dose?: number;
}

export interface Cell {
  readonly name: string;
  readonly about: string;
  readonly change: Flat;
  /** The first arm is the one that the others are compared with. */
  readonly arms: readonly Arm[];
}

/** Codes as they are, or after the one unsupervised rotation. */
export type Basis = 'own' | 'turned';

export interface Side {
  readonly arm: string;
  readonly basis: Basis;
}

/** A declared comparison: `to` less `from`, seed by seed. */
export interface Contrast {
  readonly cell: string;
  readonly score: ScoreOfStudy;
  readonly from: Side;
  readonly to: Side;
}

export interface Preset {
  readonly about: string;
  readonly cells: readonly Cell[];
  readonly seeds: readonly number[];
  readonly change?: Flat;
  /** Contrasts beside the primary one; by default each arm of each cell with the cell's first. */
  readonly secondary?: readonly Contrast[];
  /** Nothing is to be found, so seeds need not carry the contrasts. */
  readonly onlyRuns?: boolean;
}

export interface Study {
  readonly name: string;
  readonly question: string;
  /** What the second arm does, as the subject of a sentence: "... lowers disentanglement". */
  readonly act: string;
  readonly base: Flat;
  readonly measures: readonly MeasureName[];
  readonly presets: Readonly<Record<string, Preset>>;
  /** In the preset's first cell. */
  readonly primary: Omit<Contrast, 'cell'>;
}

/** A study with one of its presets, as results carry it. */
export interface Definition extends Omit<Study, 'presets' | 'primary'>, Omit<Preset, 'change' | 'secondary'> {
  readonly preset: string;
  /** The first is the primary one. */
  readonly contrasts: readonly Contrast[];
}

/** Throws InputError where there is no such preset. */
export function definitionOf(study: Study, preset: string): Definition {
  if (!Object.hasOwn(study.presets, preset))
    throw new InputError(
      `the study ${study.name} has no preset ${preset}; it has ${Object.keys(study.presets).join(', ')}`,
    );
  const { presets, primary, ...rest } = study;
  const { change = {}, secondary, ...chosen } = presets[preset];
  const first = { cell: chosen.cells[0].name, ...primary };
  const declared = [first, ...(secondary ?? everyArm(chosen.cells, primary.score))];
  const contrasts = declared.filter(
    (each, i) => declared.findIndex((other) => JSON.stringify(other) === JSON.stringify(each)) === i,
  );
  return { ...rest, ...chosen, base: changed(study.base, change), preset, contrasts };
}

const everyArm = (cells: readonly Cell[], score: ScoreOfStudy): Contrast[] =>
  cells.flatMap(({ name, arms: [reference, ...others] }) =>
    others.map((arm) => ({
      cell: name,
      score,
      from: { arm: reference.name, basis: 'own' as const },
      to: { arm: arm.name, basis: 'own' as const },
    })),
  );

/** `base` with what `change` says: a family that is named anew takes none of the old one's numbers with it. */
export function changed(base: Flat, change: Flat): Flat {
  const families = ['data', 'architecture', 'posterior', 'objective'].filter((name) => change[name] !== undefined);
  const kept = Object.entries(base).filter(([key]) => !families.some((name) => key.startsWith(`${name}.`)));
  return { ...Object.fromEntries(kept), ...change };
}

/** The setting of an arm in a cell. Throws InputError, naming both, where it cannot be trained. */
export function settingIn({ base, name }: Pick<Definition, 'base' | 'name'>, cell: Cell, arm: Arm): Setting {
  try {
    return settingOf(changed(changed(base, cell.change), arm.change));
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    throw new InputError(`study ${name}, cell ${cell.name}, arm ${arm.name}: ${error.message}`);
  }
}

/** An arm of a cell on one seed, and the job that is: arms of several cells may be one. */
export interface Entry {
  readonly cell: string;
  readonly arm: string;
  readonly seed: number;
  readonly job: Job;
}

/** Everything a study trains, in the order of its cells. Throws InputError where an arm cannot be trained. */
export async function entriesOf(definition: Definition): Promise<Entry[]> {
  const { cells, seeds } = definition;
  const planned = cells.flatMap((cell) =>
    cell.arms.flatMap((arm) => {
      const setting = settingIn(definition, cell, arm);
      return seeds.map(async (seed) => ({ cell: cell.name, arm: arm.name, seed, job: await jobOf(setting, seed) }));
    }),
  );
  return await Promise.all(planned);
}

/** Each job once. */
export const jobsIn = (entries: readonly Entry[]): Job[] => [
  ...new Map(entries.map(({ job }) => [job.name, job])).values(),
];

/**
 * Throws InputError where the seeds are too few for the smallest p value to pass Holm's first step over all contrasts: whatever came out, it
 * could not be told from chance.
 */
export function checkPower({ name, preset, seeds, contrasts, onlyRuns }: Definition): void {
  const { leastPValue, level, carries } = powerOf(seeds.length, contrasts.length);
  if (carries || onlyRuns) return;
  throw new InputError(
    `study ${name}, preset ${preset}: ${seeds.length} seeds give no p value below ${leastPValue.toPrecision(2)}, and ${contrasts.length} contrasts ask for ${level.toPrecision(2)}: take more seeds, or declare fewer contrasts.`,
  );
}
