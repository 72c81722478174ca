// Training, measuring, encoding and scoring of populations: the store is the command's, and what is made goes to it a piece at a time.

import type { Winners } from '../../engine';
import { dataReader, type History, RING, rowsReader } from '../../models';
import { type Checkpoint, readCheckpoint } from '../../runs/checkpoint';
import { encodePopulation, restored } from '../../runs/encoding';
import type { Job } from '../../runs/job';
import { metricsRows } from '../../runs/metrics';
import { paceOf } from '../../runs/pace';
import { openData } from '../../runs/recipe';
import { type ScoredReplica, type ScoringOptions, scoreRun } from '../../runs/scoring';
import type { Kind, Store } from '../../runs/store';
import { type WorkHooks, type WorkOptions, workOn } from '../../runs/work';
import type { Channel, Machine } from './channel';

/** Jobs of one shape and one step, and the sizes of what the command's store has of them, by `kind/name`. */
export interface PopulationJob {
  readonly jobs: readonly Job[];
  readonly sizes: Readonly<Record<string, number>>;
}

/** Where rows of metrics.csv are wanted: how many steps each is the mean of, the columns, and the number of each job in its run. */
export interface Rows {
  readonly every: number;
  readonly terms: readonly string[];
  readonly replicas: Readonly<Record<string, number>>;
}

/** Examples that the command gives under the name `rows`; without them, those of the run's data set. */
export interface OwnExamples {
  readonly count: number;
  readonly inputs: number;
}

export const fileOf = (kind: Kind, name: string): string => `${kind}/${name}`;
/** What is written under this name is to be removed. */
export const REMOVED = 'removed/';

/** The command's store as the work sees it. What was written is read from here. */
function storeOf({ sizes }: PopulationJob, channel: Channel): Store {
  const here = new Map<string, Uint8Array | undefined>();
  return {
    async read(kind, name) {
      const file = fileOf(kind, name);
      if (here.has(file)) return here.get(file);
      return sizes[file] === undefined ? undefined : await channel.read(file, 0, sizes[file]);
    },
    async write(kind, name, bytes) {
      here.set(fileOf(kind, name), bytes);
      await channel.write(fileOf(kind, name), bytes);
    },
    async remove(kind, name) {
      here.set(fileOf(kind, name), undefined);
      await channel.write(REMOVED + fileOf(kind, name), new Uint8Array());
    },
  };
}

/** Trains, measures and records one population: see `workOn`. */
export async function populate(
  { open }: Machine,
  given: { population: PopulationJob; options: WorkOptions; rows: Rows | null; winners: Winners },
  channel: Channel,
): Promise<void> {
  const { population, options, rows, winners } = given;
  using executor = await open(winners);
  await workOn(storeOf(population, channel), executor, population.jobs, options, {
    onProgress: channel.progress,
    pace: paceOf(BLOCK_MS),
    ...(rows === null ? {} : { onMeasured: rowsOf(rows, population.jobs[0].setting.steps, channel) }),
  });
}

/** Milliseconds between two words of progress. */
const BLOCK_MS = 500;

/** Writes rows of metrics.csv by the hundred: what a run leaves that diverges must not depend on how its blocks were cut. */
function rowsOf({ every, terms, replicas }: Rows, steps: number, channel: Channel): WorkHooks['onMeasured'] {
  let open: { readonly first: number; readonly block: History } | undefined;
  return (jobs, block, firstStep) => {
    const goesOn = open !== undefined && open.first + lengthOf(open.block) === firstStep;
    const { first, block: whole } =
      goesOn && open !== undefined
        ? { first: open.first, block: joined(open.block, block) }
        : { first: firstStep, block };
    const end = first + lengthOf(whole);
    open = end % RING === 0 || end === steps ? undefined : { first, block: whole };
    if (open !== undefined) return;
    const numbers = jobs.map(({ name }) => replicas[name]);
    return channel.write('metrics', new TextEncoder().encode(metricsRows(whole, first, every, numbers, terms)));
  };
}

const lengthOf = (block: History): number => Object.values(block)[0]?.length ?? 0;

const joined = (a: History, b: History): History =>
  Object.fromEntries(Object.entries(a).map(([term, steps]) => [term, [...steps, ...b[term]]]));

const statesOf = async (population: PopulationJob, channel: Channel): Promise<Checkpoint['saved'][]> => {
  const store = storeOf(population, channel);
  return await Promise.all(
    population.jobs.map(async (job) => {
      const bytes = (await store.read('checkpoint', job.name)) ?? new Uint8Array();
      return (await readCheckpoint(bytes, `the checkpoint of ${job.name}`, job)).saved;
    }),
  );
};

/** Encodes with one population; arrays go to the command as `<place>/<array>`, batch by batch. */
export async function encodeRun(
  { open }: Machine,
  { population, examples: given }: { population: PopulationJob; examples: OwnExamples | null },
  channel: Channel,
): Promise<void> {
  using executor = await open();
  const { jobs } = population;
  const model = restored(executor, jobs, await statesOf(population, channel));
  const read = async (first: number, rows: number): Promise<Float32Array> => {
    const width = 4 * (given?.inputs ?? 0);
    return new Float32Array((await channel.read('rows', first * width, rows * width)).buffer);
  };
  const reader =
    given === null
      ? dataReader(executor, await openData(executor, jobs[0].setting))
      : rowsReader(executor, given.count, given.inputs, read);
  await encodePopulation(
    executor,
    jobs,
    model,
    reader,
    async (place, { reconstruction: _, kl: __, ...arrays }, done) => {
      for (const [name, values] of Object.entries(arrays)) {
        const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
        await channel.write(`${place}/${name}`, bytes);
      }
      channel.progress('encoding', done / reader.count);
    },
  );
}

/** Scores one population: see `scoreRun`. */
export async function scorePopulationOfRun(
  { open }: Machine,
  { population, options }: { population: PopulationJob; options: ScoringOptions },
  channel: Channel,
): Promise<ScoredReplica[]> {
  using executor = await open();
  const states = await statesOf(population, channel);
  return await scoreRun(executor, population.jobs, states, options, channel.progress);
}
