// The folder of a training run: config.json, metrics.csv, a checkpoint for each replica, and a record of each that diverged. At any
// moment what is in it is enough to go on. One process writes to it at a time. A run that replaces another is made beside it until it has its
// first checkpoint: up to then the old one is untouched.

import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readCheckpoint } from '../runs/checkpoint';
import { jobsOf, type Run, readRun } from '../runs/config';
import type { Job } from '../runs/job';
import { metricsHeader, metricsInOrder, metricsUntil, missingRows } from '../runs/metrics';
import { groupedBy } from '../runs/populations';
import { type ModelRecord, readRecord } from '../runs/record';
import { flatOf } from '../runs/setting';
import { checkSize } from '../runs/size';
import { usageError } from './errors';
import { append, cannotWrite, type Product, putInPlace, refuseExisting, stage, timestamp, writeWhole } from './folders';
import { removeAtSignal, uninterrupted } from './interruption';
import { takeLock } from './lock';

export const CONFIG = 'config.json';
export const METRICS = 'metrics.csv';

const checkpointName = (replica: number): string => `checkpoint-${replica}.safetensors`;
const recordName = (replica: number): string => `record-${replica}.json`;

/** The checkpoint of a replica, as it is on disk. */
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
    typeof content === 'object' && content !== null && 'schemaVersion' in content && 'replicas' in content,
  names:
    /^((config\.json|metrics\.csv|checkpoint-\d+\.safetensors|record-\d+\.json)(\.partial)?|metrics\.csv\.bad-[\d-]+|run\.lock(\.takeover)*(\.[\da-f-]+)?)$/,
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
    /** By replica. */
    readonly jobs: readonly Job[],
    /** By replica; undefined where it was not begun. */
    readonly checkpoints: (StoredCheckpoint | undefined)[],
    /** By replica, of those that diverged. */
    readonly diverged: (ModelRecord | undefined)[],
  ) {
    this.place = path;
    this.replicaOf = new Map(jobs.map(({ name }, replica) => [name, replica]));
  }

  /** By the name of the job. */
  readonly replicaOf: ReadonlyMap<string, number>;

  /** A new run: nothing is written before `begin`. */
  static planned = async (path: string, force: boolean, run: Run): Promise<RunFolder> =>
    new RunFolder(path, force, run, await jobsOf(run.replicas), [], []);

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
    for (const [{ setting }] of groupedBy(run.replicas, ({ arm }) => String(arm))) checkSize(setting, MOST_MEMORY);
    const jobs = await jobsOf(run.replicas);
    const checkpoints = jobs.map(async (job, replica) => {
      const name = join(path, checkpointName(replica));
      if (!existsSync(name)) return undefined;
      const bytes = await readFile(name);
      const { saved } = await readCheckpoint(bytes, name, job);
      return { bytes, step: saved.step };
    });
    const diverged = jobs.map(async (job, replica) => {
      const name = join(path, recordName(replica));
      return existsSync(name) ? readRecord(await readFile(name), name, job) : undefined;
    });
    return new RunFolder(path, false, run, jobs, await Promise.all(checkpoints), await Promise.all(diverged));
  }

  /** Steps that a replica has made. */
  stepOf = (replica: number): number => this.checkpoints[replica]?.step ?? 0;

  /** The steps whose rows are in metrics.csv: of a replica that diverged, the blocks of 100 before it did. */
  measuredOf(replica: number): number {
    const at = this.diverged[replica]?.diverged?.step;
    return at === undefined ? this.stepOf(replica) : at - (at % 100);
  }

  private numberOf = (name: string): number => this.replicaOf.get(name) ?? -1;

  /** A part of the bytes of what the work calls `checkpoint/<job>`, in memory of their own. */
  part(file: string, offset: number, length: number): Uint8Array<ArrayBuffer> {
    const replica = this.numberOf(file.slice(file.indexOf('/') + 1));
    return Uint8Array.from(this.checkpoints[replica]?.bytes.subarray(offset, offset + length) ?? []);
  }

  /** The share of all steps of all replicas that is done; a replica that diverged has no more to do. */
  get share(): number {
    const { steps } = this.run.config;
    const made = this.jobs.reduce((sum, _, r) => sum + (this.diverged[r] === undefined ? this.stepOf(r) : steps), 0);
    return made / (this.jobs.length * steps);
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
    await writeWhole(join(this.place, CONFIG), `${JSON.stringify({ ...this.described, ...origin }, null, 1)}\n`);
    await writeWhole(join(this.place, METRICS), metricsHeader(terms));
    // A signal came meanwhile, and said that nothing was written.
    if (this.closed && this.place === this.path) await rm(this.path, { recursive: true, force: true });
    this.begun = true;
  }

  /** config.json: what each replica is, in flat words, and the name of its job. */
  get described() {
    const replicas = this.run.replicas.map(({ replica, arm, seed, setting }) => ({
      replica,
      arm,
      seed,
      job: this.jobs[replica].name,
      setting: flatOf(setting),
    }));
    return { ...this.run, replicas };
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
    const steps = this.jobs.map((_, replica) => this.measuredOf(replica));
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

  /** Takes what the work calls `checkpoint/<job>` or `record/<job>`; a record of what is done says no more than its checkpoint. */
  save = (file: string, bytes: Uint8Array): Promise<void> =>
    this.written(async () => {
      const [kind, name] = file.split('/');
      const replica = this.numberOf(name);
      const job = this.jobs[replica];
      if (kind === 'record') {
        const record = await readRecord(bytes, file, job);
        if (record.status === 'done') return;
        await writeWhole(join(this.place, recordName(replica)), bytes);
        this.diverged[replica] = record;
        return;
      }
      const { saved } = await readCheckpoint(bytes, file, job);
      await writeWhole(join(this.place, checkpointName(replica)), bytes);
      this.checkpoints[replica] = { bytes, step: saved.step };
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
