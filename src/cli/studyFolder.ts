// The folder of a study: study.json, a record for each job, the models of those that are kept or under way, and, when all is done,
// results.json and report.html. Records come one by one, each whole; to run the command again is to go on.

import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Job } from '../runs/job';
import { type ModelRecord, readRecord } from '../runs/record';
import type { Kind, Store } from '../runs/store';
import type { Definition } from '../studies/study';
import { usageError } from './errors';
import { cannotWrite, checkWritable, type Product, refuseExisting, writeWhole } from './folders';
import { uninterrupted } from './interruption';
import { takeLock } from './lock';

const MARK = 'study.json';
const LOCK = 'run.lock';
const KEPT = 'kept';
const SCHEMA_VERSION = 2;
const places: Readonly<Record<Kind, readonly [folder: string, extension: string]>> = {
  record: ['records', 'json'],
  checkpoint: ['models', 'safetensors'],
};

/** How a folder that `study` or `merge` made is known. */
export const STUDY: Product = {
  mark: MARK,
  isOwn: (content) => typeof content === 'object' && content !== null && 'definition' in content,
  names:
    /^((study|results)\.json|report\.html|records(\/[0-9a-f]{12}\.json)?|models(\/([0-9a-f]{12}\.safetensors|kept))?|run\.lock(\.takeover)*(\.[\da-f-]+)?)(\.partial)?$/,
};

export class StudyFolder {
  private unlock: () => Promise<void> = () => Promise.resolve();
  private writing: Promise<unknown> = Promise.resolve();
  private closed = false;

  private constructor(readonly path: string) {}

  /**
   * The folder of this definition, from now on written to by this process alone: a new one, or one to go on with. Throws a usage error where
   * something else is there, or a study of another definition; with `force` what a study left is removed first.
   */
  static async take(path: string, definition: Definition, force: boolean): Promise<StudyFolder> {
    const before = existsSync(join(path, MARK)) && !force ? await readDefinition(path) : undefined;
    if (before === undefined) {
      // What a process that was killed at its very beginning left is no study, and nobody's loss.
      if (!(await isBarelyBegun(path))) await refuseExisting({ folder: path, force, product: STUDY });
      await checkWritable(path);
    } else if (!isContinued(before, definition)) {
      throw usageError(
        `${path} holds the study ${before.name}, preset ${before.preset}, ${differenceOf(before, definition)}.`,
        'Name another folder with --out, or replace it with --force.',
      );
    }
    const folder = new StudyFolder(path);
    try {
      await uninterrupted(() => mkdir(path, { recursive: true }));
    } catch (error) {
      throw cannotWrite(path, error);
    }
    folder.unlock = await takeLock(join(path, LOCK), path);
    if (before === undefined || JSON.stringify(before) !== JSON.stringify(definition)) {
      // The mark goes last: killed on the way, the folder is still a study's.
      const old = before === undefined ? ['results.json', 'report.html', 'records', 'models', MARK] : [];
      for (const name of old) await rm(join(path, name), { recursive: true, force: true });
      await folder.writeText(MARK, `${JSON.stringify({ schemaVersion: SCHEMA_VERSION, definition }, null, 1)}\n`);
    }
    return folder;
  }

  readonly store: Store = {
    read: async (kind, name) => {
      const file = this.fileOf(kind, name);
      return existsSync(file) ? await readFile(file) : undefined;
    },
    write: (kind, name, bytes) =>
      this.written(async () => {
        const file = this.fileOf(kind, name);
        await mkdir(join(this.path, places[kind][0]), { recursive: true }).catch((error: unknown) => {
          throw cannotWrite(file, error);
        });
        await writeWhole(file, bytes);
      }),
    remove: (kind, name) => this.written(() => rm(this.fileOf(kind, name), { force: true })),
  };

  /** Whether models are to stay: once they were asked to, a command that does not ask again removes none. */
  async keeps(asked: boolean): Promise<boolean> {
    const mark = join(this.path, 'models', KEPT);
    if (asked && !existsSync(mark)) {
      await mkdir(join(this.path, 'models'), { recursive: true });
      await this.writeText(join('models', KEPT), 'These models were asked for with --keep.\n');
    }
    return existsSync(mark);
  }

  fileOf = (kind: Kind, name: string): string => join(this.path, places[kind][0], `${name}.${places[kind][1]}`);

  writeText = (name: string, text: string): Promise<void> =>
    this.written(() => writeWhole(join(this.path, name), text));

  /** The records of those jobs that have one. Throws InputError, naming the file, for one that is damaged or foreign. */
  records = (jobs: readonly Job[]): Promise<Map<string, ModelRecord>> => recordsIn(this.path, jobs);

  private written(write: () => Promise<void>): Promise<void> {
    if (this.closed) return Promise.reject(new Error(`${this.path} is closed`));
    const done = this.writing.then(write);
    this.writing = done.catch(() => undefined);
    return done;
  }

  async close(): Promise<void> {
    this.closed = true;
    await this.writing;
    const models = join(this.path, 'models');
    if (existsSync(models) && (await readdir(models)).length === 0) await rm(models, { recursive: true });
    await this.unlock();
  }
}

/** Whether a folder holds nothing but a lock and a half-written mark. */
const isBarelyBegun = async (path: string): Promise<boolean> =>
  existsSync(path) &&
  (await stat(path)).isDirectory() &&
  (await readdir(path)).every((name) => /^(run\.lock[.\w-]*|study\.json\.partial)$/.test(name));

/** The records of those jobs that have one in a study's folder. Throws InputError, naming the file, for one that is damaged or foreign. */
export async function recordsIn(path: string, jobs: readonly Job[]): Promise<Map<string, ModelRecord>> {
  const records = new Map<string, ModelRecord>();
  for (const job of jobs) {
    const file = join(path, 'records', `${job.name}.json`);
    if (existsSync(file)) records.set(job.name, await readRecord(await readFile(file), file, job));
  }
  return records;
}

/** What study.json says. Throws a usage error where there is none, or it is no study's. */
export async function readDefinition(path: string): Promise<Definition> {
  const file = join(path, MARK);
  if (!existsSync(file))
    throw usageError(`${path} is no study: it holds no ${MARK}.`, 'unweave study --out DIR makes one.');
  let content: { schemaVersion?: unknown; definition?: Definition } | null = null;
  try {
    content = JSON.parse(await readFile(file, 'utf8'));
  } catch {
    // Said below.
  }
  if (content?.definition?.cells === undefined || content.schemaVersion !== SCHEMA_VERSION)
    throw usageError(`${file} is not of this command, or was cut off.`, 'Name another folder with --out.');
  return content.definition;
}

/** The same models and comparisons; more may be measured, and words may be others. */
function isContinued(before: Definition, now: Definition): boolean {
  const { measures: had, act: _, about: __, question: ___, ...then } = before;
  const { measures: has, act: ____, about: _____, question: ______, ...rest } = now;
  return JSON.stringify(then) === JSON.stringify(rest) && had.every((measure) => has.includes(measure));
}

/** In which of its parts two definitions differ. */
function differenceOf(a: Definition, b: Definition): string {
  const parts = Object.keys({ ...a, ...b }) as (keyof Definition)[];
  const odd = parts.filter((part) => JSON.stringify(a[part]) !== JSON.stringify(b[part]));
  return `whose ${odd.join(', ')} ${odd.length === 1 ? 'is' : 'are'} not what is asked for`;
}
