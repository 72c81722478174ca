// Which jobs train together: those of one shape, as many as fit a bound on memory. A replica in a population is bitwise the replica
// alone, so how jobs are grouped changes how long it takes and nothing else.

import { widthOf } from '../data/dataSet';
import { footprint, HARDWARE, InputError, SOFTWARE, type Tensor, variable } from '../engine';
import { type TrainingStep, trainingStep } from '../models';
import { type Job, shapeOf } from './job';
import { dataOf, population } from './recipe';
import { checkSize, LARGEST_BUFFER } from './size';

export const DEFAULT_MEMORY = 2 ** 30;

export interface Limits {
  /** How many train at once; by default as many as fit `memory`. */
  readonly atOnce?: number;
  /** Bytes: parameters, gradients, moments and what one step computes; 1 GiB by default. */
  readonly memory?: number;
  /** Populations that will train side by side: there are enough of every shape for all of them. */
  readonly threads?: number;
}

const mebibytes = (bytes: number): string => `${Math.ceil(bytes / 2 ** 20)} MiB`;

/** One step of these jobs as a graph, over examples that are not there: to look at, not to run. */
export function stepOf(jobs: readonly Job[]): TrainingStep {
  const { model, options } = population(jobs);
  const data = dataOf(jobs[0].setting);
  const batch = (indices: Tensor) => variable('examples', [...indices.shape, widthOf(data)]);
  return trainingStep(model, { ...options, data: { count: data.count, batch } });
}

/** Lists of what has one key, in order of the first of each. */
export function groupedBy<T>(items: readonly T[], keyOf: (item: T) => string): T[][] {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** Splits items, in order, into as few lists of at most `most` as there can be, all about as long. */
export function cut<T>(items: readonly T[], most: number): T[][] {
  const count = Math.ceil(items.length / most);
  const edge = (p: number) => Math.floor((p * items.length) / count);
  return Array.from({ length: count }, (_, p) => items.slice(edge(p), edge(p + 1)));
}

/**
 * Jobs as populations. Throws InputError where one replica is too much: first by arithmetic, then by the plan of its own graph; and
 * where as many as `atOnce` do not fit a buffer.
 */
export const populationsOf = (jobs: readonly Job[], limits: Limits = {}): Job[][] =>
  groupedBy(jobs, ({ setting }) => shapeOf(setting)).flatMap((group) => splitOf(group, limits));

/** Bytes that one step of these jobs needs at most, on whatever adapter, and its largest buffer. */
export function sizeOfStep(jobs: readonly Job[]): { readonly bytes: number; readonly largest: number } {
  const { graph } = stepOf(jobs);
  const [software, hardware] = [footprint(graph, SOFTWARE), footprint(graph, HARDWARE)];
  return {
    bytes: Math.max(software.bytes, hardware.bytes),
    largest: Math.max(software.largest, hardware.largest),
  };
}

function splitOf(jobs: readonly Job[], { atOnce, memory = DEFAULT_MEMORY, threads = 1 }: Limits): Job[][] {
  checkSize(jobs[0].setting, memory);
  // Which adapter will compute is not known yet.
  const sizes = (count: number) => sizeOfStep(jobs.slice(0, count));
  const one = sizes(1);
  if (atOnce === undefined && one.bytes > memory) {
    throw new InputError(
      `One replica needs ${mebibytes(one.bytes)}, and ${mebibytes(memory)} is the limit: lower the batch or the widths, or raise --memory.`,
    );
  }
  if (one.largest > LARGEST_BUFFER) {
    throw new InputError(
      `One replica needs a buffer of ${mebibytes(one.largest)}, and ${mebibytes(LARGEST_BUFFER)} is the limit: lower the batch or the widths.`,
    );
  }
  if (atOnce !== undefined) {
    const populations = cut(jobs, atOnce);
    const count = Math.max(...populations.map(({ length }) => length));
    const { largest } = sizes(count);
    if (largest <= LARGEST_BUFFER) return populations;
    throw new InputError(
      `${count} replicas at once need a buffer of ${mebibytes(largest)}, and ${mebibytes(LARGEST_BUFFER)} is the limit: fewer replicas at once, or none named.`,
    );
  }
  const fits = (count: number): boolean => {
    if (count * threads >= jobs.length + threads) return false;
    const { bytes, largest } = sizes(count);
    return bytes * threads <= memory && largest <= LARGEST_BUFFER;
  };
  // Doubling first: no graph that is looked at is much larger than one that fits.
  let [good, bad] = [1, 2];
  while (bad <= jobs.length && fits(bad)) [good, bad] = [bad, 2 * bad];
  bad = Math.min(bad, jobs.length + 1);
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (fits(middle)) good = middle;
    else bad = middle;
  }
  return cut(jobs, good);
}
