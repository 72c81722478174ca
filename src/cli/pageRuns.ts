// Training and encoding of runs, in the page: what is made goes to Node a piece at a time.

import { Device, NonFiniteError, type Winners } from '../engine';
import { readCheckpoint } from '../studies/run/checkpoint';
import type { Replica, TrainingConfig } from '../studies/run/config';
import { dataReader, encodePopulation, rowsReader } from '../studies/run/encoding';
import { openData } from '../studies/run/recipe';
import { type ScoredReplica, type ScoringOptions, scoreRun } from '../studies/run/scoring';
import { trainPopulation } from '../studies/run/training';
import { fetchBytes, sendBytes } from './bytes';

/** A population of a run, and the bytes of its checkpoint, which Node gives by name; 0 where there is none. */
export interface PopulationJob {
  readonly config: TrainingConfig;
  readonly replicas: readonly Replica[];
  readonly checkpoint: string;
  readonly checkpointBytes: number;
}

/** Examples that Node gives under the name `rows`; without them, those of the run's data set. */
export interface Rows {
  readonly count: number;
  readonly inputs: number;
}

const checkpointOf = async ({ checkpoint, checkpointBytes, replicas, config }: PopulationJob) =>
  readCheckpoint(
    await fetchBytes(checkpoint, 0, checkpointBytes),
    checkpoint,
    replicas.map(({ replica }) => replica),
    config,
  );

/** Trains a population to the end. Returns the message where a number was not finite, and null where all went well. */
export async function trainRun(
  job: PopulationJob,
  winners: Winners,
  progress: (stage: string, share: number) => void,
): Promise<string | null> {
  using device = await Device.open({ winners });
  const from = job.checkpointBytes > 0 ? await checkpointOf(job) : undefined;
  try {
    await trainPopulation(device, job.config, job.replicas, from, {
      onRows: (rows) => sendBytes('metrics', new TextEncoder().encode(rows)),
      onSave: (bytes) => sendBytes(job.checkpoint, bytes),
      onProgress: (done) => progress('training', done / job.config.steps),
    });
    return null;
  } catch (error) {
    if (error instanceof NonFiniteError) return error.message;
    throw error;
  }
}

/** Encodes with one population; arrays go to Node as `<replica>/<array>`, batch by batch. */
export async function encodeRun(
  job: PopulationJob,
  given: Rows | null,
  progress: (stage: string, share: number) => void,
): Promise<void> {
  using device = await Device.open();
  const saved = await checkpointOf(job);
  const read = async (first: number, rows: number): Promise<Float32Array> => {
    const width = 4 * (given?.inputs ?? 0);
    return new Float32Array((await fetchBytes('rows', first * width, rows * width)).buffer);
  };
  const reader =
    given === null
      ? dataReader(device, await openData(device, job.config))
      : rowsReader(device, given.count, given.inputs, read);
  await encodePopulation(device, job.config, job.replicas, saved, reader, async ({ replica, ...arrays }, done) => {
    for (const [name, values] of Object.entries(arrays)) {
      await sendBytes(`${replica}/${name}`, new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
    }
    progress('encoding', done / reader.count);
  });
}

/** Scores one population: see `scoreRun`. */
export async function scorePopulationOfRun(
  job: PopulationJob,
  options: ScoringOptions,
  progress: (stage: string, share: number) => void,
): Promise<ScoredReplica[]> {
  using device = await Device.open();
  const saved = await checkpointOf(job);
  return await scoreRun(device, job.config, job.replicas, saved, options, progress);
}
