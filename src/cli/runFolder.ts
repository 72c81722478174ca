// The folder of a training run: config.json, metrics.csv and a checkpoint for each population. At any moment what is in it
// is enough to go on.

import { existsSync } from 'node:fs';
import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { InputError } from '../engine';
import { checkpointName, readCheckpoint } from '../studies/run/checkpoint';
import { type Run, readRun } from '../studies/run/config';
import { metricsHeader, metricsInOrder, metricsUntil } from '../studies/run/metrics';
import { checkRecipe } from '../studies/run/recipe';
import { usageError } from './errors';
import { writeWhole } from './folders';
import type { PopulationJob } from './pageRuns';

export const CONFIG = 'config.json';
export const METRICS = 'metrics.csv';

/** The checkpoint of a population, as it is on disk. */
export interface StoredCheckpoint {
  readonly bytes: Uint8Array;
  /** Steps made. */
  readonly step: number;
}

export class RunFolder {
  private constructor(
    readonly path: string,
    readonly run: Run,
    /** By population; undefined where it was not begun. */
    readonly checkpoints: (StoredCheckpoint | undefined)[],
  ) {}

  /** A new run: nothing is written before `begin`. */
  static planned = (path: string, run: Run): RunFolder => new RunFolder(path, run, []);

  /** A run on disk. Throws a usage error where there is none, InputError where it is damaged. */
  static async open(path: string): Promise<RunFolder> {
    const file = join(path, CONFIG);
    if (!existsSync(file)) {
      throw usageError(`${path} is no run: it holds no ${CONFIG}.`, 'unweave train --out DIR makes one.');
    }
    const run = readRun(await readFile(file, 'utf8'), file);
    checkRecipe(run.config);
    const checkpoints = run.populations.map(async (replicas, p) => {
      const name = join(path, checkpointName(p));
      if (!existsSync(name)) return undefined;
      const bytes = await readFile(name);
      const { step } = await readCheckpoint(bytes, name, replicas, run.config);
      if (step > run.config.steps) throw new InputError(`${name} is of step ${step}; the run has ${run.config.steps}.`);
      return { bytes, step };
    });
    return new RunFolder(path, run, await Promise.all(checkpoints));
  }

  /** Steps that population `p` has made. */
  stepOf = (p: number): number => this.checkpoints[p]?.step ?? 0;

  /** Population `p` as the page is given it; the checkpoint's bytes it asks for. */
  job(p: number): PopulationJob {
    const { config, populations, replicas } = this.run;
    return {
      config,
      replicas: populations[p].map((replica) => replicas[replica]),
      checkpoint: checkpointName(p),
      checkpointBytes: this.checkpoints[p]?.bytes.length ?? 0,
    };
  }

  /** The share of all steps of all replicas that is done; `now` steps more of population `p`. */
  share(p = 0, now = this.stepOf(p)): number {
    const { populations, config } = this.run;
    const steps = populations.map((replicas, q) => replicas.length * (q === p ? now : this.stepOf(q)));
    return steps.reduce((total, each) => total + each, 0) / (this.run.replicas.length * config.steps);
  }

  /** Makes the folder, or a new one in its place: config.json comes first. `origin`: what the run is made with. */
  async begin(terms: readonly string[], origin: Readonly<Record<string, unknown>>): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
    await mkdir(this.path, { recursive: true });
    await writeWhole(join(this.path, CONFIG), `${JSON.stringify({ ...this.run, ...origin }, null, 1)}\n`);
    await writeFile(join(this.path, METRICS), metricsHeader(terms));
  }

  /** Makes metrics.csv agree with the checkpoints: what came after them will be measured again. */
  async goOn(terms: readonly string[]): Promise<void> {
    const steps = this.run.populations.flatMap((replicas, p) => replicas.map(() => this.stepOf(p)));
    const file = join(this.path, METRICS);
    const text = existsSync(file) ? await readFile(file, 'utf8') : '';
    await writeWhole(file, metricsUntil(text.startsWith('replica,') ? text : metricsHeader(terms), steps));
  }

  append = (rows: Uint8Array): Promise<void> => appendFile(join(this.path, METRICS), rows);

  async save(p: number, bytes: Uint8Array): Promise<void> {
    const name = join(this.path, checkpointName(p));
    const { step } = await readCheckpoint(bytes, name, this.run.populations[p], this.run.config);
    await writeWhole(name, bytes);
    this.checkpoints[p] = { bytes, step };
  }

  /** Puts metrics.csv in order, and returns it. */
  async finish(): Promise<string> {
    const file = join(this.path, METRICS);
    const text = metricsInOrder(await readFile(file, 'utf8'));
    await writeWhole(file, text);
    return text;
  }
}

/** Throws a usage error where a population has no checkpoint; says which ones are not at the end. */
export function refuseUntrained(folder: RunFolder): void {
  const { populations, config } = folder.run;
  for (const [p, replicas] of populations.entries()) {
    const which = `replicas ${replicas[0]} to ${replicas[replicas.length - 1]}`;
    if (folder.stepOf(p) === 0) {
      throw usageError(
        `${folder.path} has no checkpoint of ${which} yet.`,
        `Go on with: unweave train --resume ${folder.path}`,
      );
    }
    if (folder.stepOf(p) < config.steps) {
      process.stderr.write(`Note: ${which} are at step ${folder.stepOf(p)} of ${config.steps}.\n`);
    }
  }
}
