// How many replicas may train at once: as many as fit a bound on memory. A replica in a population is bitwise the replica
// alone, so how a run is split changes how long it takes and nothing else.

import { widthOf } from '../data';
import { footprint, HARDWARE, InputError, SOFTWARE, type Tensor, variable } from '../engine';
import { type TrainingStep, trainingStep } from '../models';
import { populationsOf, type Replica, type TrainingConfig } from './config';
import { dataOf, population } from './recipe';
import { checkSize, LARGEST_BUFFER } from './size';

export const DEFAULT_MEMORY = 2 ** 30;

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** One step of these replicas as a graph, over examples that are not there: to look at, not to run. */
export function stepOf(config: TrainingConfig, replicas: readonly Replica[]): TrainingStep {
  const { model, options } = population(config, replicas);
  const data = dataOf(config);
  const batch = (indices: Tensor) => variable('examples', [...indices.shape, widthOf(data)]);
  return trainingStep(model, { ...options, data: { count: data.count, batch } });
}

/**
 * Splits a run's replicas into populations of at most `most`, or, with 'auto', of as many as `memory` bytes can hold beside
 * the data set: parameters, gradients, moments and what one step computes. Throws InputError where one replica is too much:
 * first by arithmetic, then by the plan of its own graph. With 'auto' there are enough for `threads` to have one each.
 */
export function split(
  config: TrainingConfig,
  replicas: readonly Replica[],
  most: number | 'auto',
  memory: number = DEFAULT_MEMORY,
  threads = 1,
): number[][] {
  checkSize(config, memory);
  // Which adapter will compute is not known yet: what either needs at most.
  const sizes = (count: number) => {
    const { graph } = stepOf(config, replicas.slice(0, count));
    const [software, hardware] = [footprint(graph, SOFTWARE), footprint(graph, HARDWARE)];
    return {
      bytes: Math.max(software.bytes, hardware.bytes),
      largest: Math.max(software.largest, hardware.largest),
    };
  };
  const one = sizes(1);
  if (most === 'auto' && one.bytes > memory) {
    throw new InputError(
      `One replica needs ${mebibytes(one.bytes)}, and ${mebibytes(memory)} is the limit: lower the batch or the widths, or raise --memory.`,
    );
  }
  if (one.largest > LARGEST_BUFFER) {
    throw new InputError(
      `One replica needs a buffer of ${mebibytes(one.largest)}, and ${mebibytes(LARGEST_BUFFER)} is the limit: lower the batch or the widths.`,
    );
  }
  if (most !== 'auto') {
    const populations = populationsOf(replicas.length, most);
    const count = Math.max(...populations.map(({ length }) => length));
    const { largest } = sizes(count);
    if (largest <= LARGEST_BUFFER) return populations;
    throw new InputError(
      `${count} replicas at once need a buffer of ${mebibytes(largest)}, and ${mebibytes(LARGEST_BUFFER)} is the limit: fewer replicas at once, or none named.`,
    );
  }
  const fits = (count: number): boolean => {
    const { bytes, largest } = sizes(count);
    return count * threads < replicas.length + threads && bytes * threads <= memory && largest <= LARGEST_BUFFER;
  };
  // Doubling first: no graph that is looked at is much larger than one that fits.
  let [good, bad] = [1, 2];
  while (bad <= replicas.length && fits(bad)) [good, bad] = [bad, 2 * bad];
  bad = Math.min(bad, replicas.length + 1);
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return populationsOf(replicas.length, good);
}
