// Training, encoding and scoring of the populations of runs: what is made goes to the command a piece at a time.

import { NonFiniteError, type Winners } from '../../engine';
import { readCheckpoint } from '../../runs/checkpoint';
import type { Replica, TrainingConfig } from '../../runs/config';
import { dataReader, encodePopulation, rowsReader } from '../../runs/encoding';
import { openData } from '../../runs/recipe';
import { type ScoredReplica, type ScoringOptions, scoreRun } from '../../runs/scoring';
import { trainPopulation } from '../../runs/training';
import type { Channel, Machine } from './channel';

/** A population of a run, and the bytes of its checkpoint, which the command gives by name; 0 where there is none. */
export interface PopulationJob {
  readonly config: TrainingConfig;
  readonly replicas: readonly Replica[];
  readonly checkpoint: string;
  readonly checkpointBytes: number;
}

/** Examples that the command gives under the name `rows`; without them, those of the run's data set. */
export interface Rows {
  readonly count: number;
  readonly inputs: number;
}

const checkpointOf = async ({ checkpoint, checkpointBytes, replicas, config }: PopulationJob, { read }: Channel) =>
  readCheckpoint(
    await read(checkpoint, 0, checkpointBytes),
    checkpoint,
    replicas.map(({ replica }) => replica),
    config,
  );

/** Trains a population to the end. Returns the message where a number was not finite, and null where all went well. */
export async function trainRun(
  { open }: Machine,
  { job, winners }: { job: PopulationJob; winners: Winners },
  channel: Channel,
): Promise<string | null> {
  using executor = await open(winners);
  const from = job.checkpointBytes > 0 ? await checkpointOf(job, channel) : undefined;
  try {
    await trainPopulation(executor, job.config, job.replicas, from, {
      onRows: (rows) => channel.write('metrics', new TextEncoder().encode(rows)),
      onSave: (bytes) => channel.write(job.checkpoint, bytes),
      onProgress: (done) => channel.progress('training', done / job.config.steps),
    });
    return null;
  } catch (error) {
    if (error instanceof NonFiniteError) return error.message;
    throw error;
  }
}

/** Encodes with one population; arrays go to the command as `<replica>/<array>`, batch by batch. */
export async function encodeRun(
  { open }: Machine,
  { job, rows: given }: { job: PopulationJob; rows: Rows | null },
  channel: Channel,
): Promise<void> {
  using executor = await open();
  const saved = await checkpointOf(job, channel);
  const read = async (first: number, rows: number): Promise<Float32Array> => {
    const width = 4 * (given?.inputs ?? 0);
    return new Float32Array((await channel.read('rows', first * width, rows * width)).buffer);
  };
  const reader =
    given === null
      ? dataReader(executor, await openData(executor, job.config))
      : rowsReader(executor, given.count, given.inputs, read);
  await encodePopulation(executor, job.config, job.replicas, saved, reader, async ({ replica, ...arrays }, done) => {
    for (const [name, values] of Object.entries(arrays)) {
      const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
      await channel.write(`${replica}/${name}`, bytes);
    }
    channel.progress('encoding', done / reader.count);
  });
}

/** Scores one population: see `scoreRun`. */
export async function scorePopulationOfRun(
  { open }: Machine,
  { job, options }: { job: PopulationJob; options: ScoringOptions },
  channel: Channel,
): Promise<ScoredReplica[]> {
  using executor = await open();
  const saved = await checkpointOf(job, channel);
  return await scoreRun(executor, job.config, job.replicas, saved, options, channel.progress);
}
