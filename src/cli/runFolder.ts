// The folder of a training run: config.json, metrics.csv and a checkpoint for each population. At any moment what is in it
// is enough to go on. One process writes to it at a time. A run that replaces another is made beside it until it has its
// first checkpoint: up to then the old one is untouched.

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { InputError } from '../engine';
import { checkpointName, readCheckpoint } from '../runs/checkpoint';
import { type Run, readRun } from '../runs/config';
import { metricsHeader, metricsInOrder, metricsUntil, missingRows } from '../runs/metrics';
import { checkRecipe } from '../runs/recipe';
import { checkSize } from '../runs/size';
import { commandLine, usageError } from './errors';
import { append, cannotWrite, type Product, putInPlace, refuseExisting, stage, timestamp, writeWhole } from './folders';
import { removeAtSignal, uninterrupted } from './interruption';
import { takeLock } from './lock';
import type { PopulationJob } from './work/runs';

export const CONFIG = 'config.json';
export const METRICS = 'metrics.csv';

/** The checkpoint of a population, as it is on disk. */
export interface StoredCheckpoint {
  readonly bytes: Uint8Array;
  /** Steps made. */
  readonly step: number;
}

/** A run on disk was made with a --memory that nobody remembers; what is more than this no machine had. */
const MOST_MEMORY = 2 ** 36;
/** The lock beside the run's files. */
const LOCK = 'run.lock';

/** How a folder that `train` made is known. */
export const RUN: Product = {
  mark: CONFIG,
  isOwn: (content) =>
    typeof content === 'object' && content !== null && 'schemaVersion' in content && 'populations' in content,
  names:
    /^((config\.json|metrics\.csv|checkpoint-\d+\.safetensors)(\.partial)?|metrics\.csv\.bad-[\d-]+|run\.lock(\.takeover)*(\.[\da-f-]+)?)$/,
};

export class RunFolder {
  /** Where the files are now: beside `path` while a run that is there is not replaced yet. */
  private place: string;
  private unlock: () => Promise<void> = () => Promise.resolve();
  private begun = false;
  /** Whether the run could not take its place: it stays beside it. */
  private kept = false;
  private forget: () => void = () => undefined;
  private closed = false;
  /** What is being written: the folder is not closed under it. */
  private writing: Promise<unknown> = Promise.resolve();

  private constructor(
    readonly path: string,
    /** Whether one that is at `path` may be replaced. */
    private readonly force: boolean,
    readonly run: Run,
    /** By population; undefined where it was not begun. */
    readonly checkpoints: (StoredCheckpoint | undefined)[],
  ) {
    this.place = path;
  }

  /** A new run: nothing is written before `begin`. */
  static planned = (path: string, force: boolean, run: Run): RunFolder => new RunFolder(path, force, run, []);

  /**
   * A run on disk that is gone on with: from now on no other process writes to it. Throws like `open`, and a CommandError where
   * another process does.
   */
  static async resumed(path: string): Promise<RunFolder> {
    refuseMissing(path);
    // First the lock: what is read without it is old by the time it is gone on with.
    const unlock = await takeLock(join(path, LOCK), path);
    try {
      const folder = await RunFolder.open(path);
      folder.unlock = unlock;
      folder.begun = true;
      return folder;
    } catch (error) {
      await unlock();
      throw error;
    }
  }

  /** A run on disk. Throws a usage error where there is none, InputError where it is damaged. */
  static async open(path: string): Promise<RunFolder> {
    refuseMissing(path);
    const file = join(path, CONFIG);
    const run = readRun(await readFile(file, 'utf8'), file);
    checkRecipe(run.config);
    checkSize(run.config, MOST_MEMORY);
    const checkpoints = run.populations.map(async (replicas, p) => {
      const name = join(path, checkpointName(p));
      if (!existsSync(name)) return undefined;
      const bytes = await readFile(name);
      const { step } = await readCheckpoint(bytes, name, replicas, run.config);
      if (step > run.config.steps) throw new InputError(`${name} is of step ${step}; the run has ${run.config.steps}.`);
      return { bytes, step };
    });
    return new RunFolder(path, false, run, await Promise.all(checkpoints));
  }

  /** Steps that population `p` has made. */
  stepOf = (p: number): number => this.checkpoints[p]?.step ?? 0;

  /** A part of the bytes of population `p`'s checkpoint, in memory of their own; of one that was not begun there are none. */
  checkpointPart(p: number, offset: number, length: number): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.checkpoints[p]?.bytes.subarray(offset, offset + length) ?? []);
  }

  /** Population `p` as the work is given it; the checkpoint's bytes it asks for. */
  job(p: number): PopulationJob {
    const { config, populations, replicas } = this.run;
    return {
      config,
      replicas: populations[p].map((replica) => replicas[replica]),
      checkpoint: checkpointName(p),
      checkpointBytes: this.checkpoints[p]?.bytes.length ?? 0,
    };
  }

  /** The share of all steps of all replicas that is done; `made`: steps by population, those of the checkpoints by default. */
  share(made: readonly number[] = this.run.populations.map((_, p) => this.stepOf(p))): number {
    const { populations, config } = this.run;
    const steps = populations.map((replicas, p) => replicas.length * made[p]);
    return steps.reduce((total, each) => total + each, 0) / (this.run.replicas.length * config.steps);
  }

  /** Makes the folder: config.json comes first. `origin`: what the run is made with. Throws a CommandError where it cannot. */
  begin(terms: readonly string[], origin: Readonly<Record<string, unknown>>): Promise<void> {
    return this.written(() => this.make(terms, origin));
  }

  private async make(terms: readonly string[], origin: Readonly<Record<string, unknown>>): Promise<void> {
    await refuseExisting(this.target);
    try {
      await uninterrupted(async () => {
        if (existsSync(this.path)) {
          this.place = await stage(this.path);
          this.forget = removeAtSignal(this.place);
        } else {
          await mkdir(dirname(this.path), { recursive: true });
          // Not recursive: two that begin at once must not both find it theirs.
          await mkdir(this.path);
        }
      });
    } catch (error) {
      throw cannotWrite(this.path, error);
    }
    this.unlock = await takeLock(join(this.path, LOCK), this.path);
    await writeWhole(join(this.place, CONFIG), `${JSON.stringify({ ...this.run, ...origin }, null, 1)}\n`);
    await writeWhole(join(this.place, METRICS), metricsHeader(terms));
    // A signal came meanwhile, and said that nothing was written.
    if (this.closed && this.place === this.path) await rm(this.path, { recursive: true, force: true });
    this.begun = true;
  }

  private get target() {
    return { folder: this.path, force: this.force, product: RUN };
  }

  /** Whether there is something at its path to go on with. */
  get resumable(): boolean {
    return this.begun && this.place === this.path;
  }

  /**
   * Makes metrics.csv agree with the checkpoints: what came after them will be measured again. Returns what is missing there
   * in words, if anything is.
   */
  async goOn(terms: readonly string[]): Promise<string | undefined> {
    const steps = this.run.populations.flatMap((replicas, p) => replicas.map(() => this.stepOf(p)));
    const file = join(this.path, METRICS);
    // An editor may have put a mark at the beginning.
    const text = existsSync(file) ? (await readFile(file, 'utf8')).replace(/^\uFEFF/, '') : '';
    const isTable = text.startsWith('replica,');
    if (!isTable && text !== '') await rename(file, `${file}.bad-${timestamp(new Date())}`);
    const kept = metricsUntil(isTable ? text : metricsHeader(terms), steps);
    await writeWhole(file, kept);
    const missing = missingRows(kept, steps, this.run.config.every);
    return missing === undefined ? undefined : `${file} ${missing}`;
  }

  append = (rows: Uint8Array): Promise<void> => this.written(() => append(join(this.place, METRICS), rows));

  save = (p: number, bytes: Uint8Array): Promise<void> =>
    this.written(async () => {
      const name = checkpointName(p);
      const { step } = await readCheckpoint(bytes, name, this.run.populations[p], this.run.config);
      await writeWhole(join(this.place, name), bytes);
      this.checkpoints[p] = { bytes, step };
      if (this.place !== this.path) await this.takePlace();
    });

  /** One write after another: several populations are trained at once. */
  private written(write: () => Promise<void>): Promise<void> {
    // What a thread still had to say when a signal ended it: the folder is being put away.
    if (this.closed) return Promise.reject(new Error(`${this.path} is closed`));
    const done = this.writing.then(write);
    this.writing = done.catch(() => undefined);
    return done;
  }

  /** Puts metrics.csv in order, and returns it. */
  async finish(): Promise<string> {
    const file = join(this.path, METRICS);
    const text = metricsInOrder(await readFile(file, 'utf8'));
    await writeWhole(file, text);
    return text;
  }

  /** Lets others write, and removes what was made beside a run that is there and was not replaced. */
  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
    if (this.place !== this.path && !this.kept) await rm(this.place, { recursive: true, force: true });
    await this.unlock();
  }

  /** The new run has a checkpoint: it takes the old one's place. */
  private async takePlace(): Promise<void> {
    const staged = this.place;
    // The lock of the old folder goes with it.
    await takeLock(join(staged, LOCK), this.path);
    await uninterrupted(async () => {
      try {
        await putInPlace(staged, this.target);
        this.place = this.path;
      } catch (error) {
        this.kept = true;
        throw error;
      } finally {
        this.forget();
      }
    });
    const lock = join(this.path, LOCK);
    this.unlock = () => rm(lock, { force: true });
  }
}

/** Throws a usage error where there is no run. */
function refuseMissing(path: string): void {
  if (existsSync(join(path, CONFIG))) return;
  throw usageError(`${path} is no run: it holds no ${CONFIG}.`, 'unweave train --out DIR makes one.');
}

/** Throws a usage error where a population has no checkpoint; says which ones are not at the end. */
export function refuseUntrained(folder: RunFolder): void {
  const { populations, config } = folder.run;
  for (const [p, replicas] of populations.entries()) {
    const which = `replicas ${replicas[0]} to ${replicas[replicas.length - 1]}`;
    if (folder.stepOf(p) === 0) {
      throw usageError(
        `${folder.path} has no checkpoint of ${which} yet.`,
        `Go on with: ${commandLine('unweave', 'train', '--resume', folder.path)}`,
      );
    }
    if (folder.stepOf(p) < config.steps) {
      process.stderr.write(`Note: ${which} are at step ${folder.stepOf(p)} of ${config.steps}.\n`);
    }
  }
}
