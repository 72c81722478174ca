// Examples of one's own, from arrays in memory: what any framework, canvas or file gave, ready for training, encoding and scoring.

import { type Executor, gatherRows, InputError, sizeOf, type Tensor, variable } from '../engine';
import { refuseUnknown } from '../engine/options';
import type { DataSet } from './dataSet';
import { FactorSpace } from './factors';
import { PackedRows } from './files/packedRows';
import { labelledFactors } from './labels';

/** What is known of an array of examples. */
export interface ArrayOptions {
  /** 'array' by default. */
  readonly name?: string;
  /** The true factors, where they are known: [factor][example], any numbers; equal numbers are one value. Scores need them. */
  readonly labels?: readonly ArrayLike<number>[];
  /** Names of the factors. */
  readonly names?: readonly string[];
}

/** A data set of arrays: `open` uploads it, which `train` and `encode` do by themselves. */
export interface ArraySet extends DataSet {
  readonly stored: readonly Tensor[];
  open(executor: Executor): Promise<void>;
}

/** What one buffer may hold of floats. */
const MOST_NUMBERS = 2 ** 25;

/**
 * `values` row-major, of `shape` [examples, numbers], [examples, height, width] or [examples, height, width, channels]. Bytes (Uint8Array)
 * are divided by 255 and stay bytes where they are computed with; other numbers are kept as floats, which for a Bernoulli likelihood
 * must lie in 0 ... 1. Nothing is kept of `values`. The memory is given back by `executor.free(data.stored)`, or with the executor.
 * Throws InputError for a shape that is not of the values, for a number that is not finite (which, and where), for labels of
 * another length, and where the numbers are more than a buffer holds.
 */
export function fromArray(values: ArrayLike<number>, shape: readonly number[], options: ArrayOptions = {}): ArraySet {
  refuseUnknown<ArrayOptions>('fromArray', options, { name: true, labels: true, names: true });
  const { name = 'array', labels, names } = options;
  const [count, ...row] = shape;
  if (row.length < 1 || row.length > 3 || shape.some((size) => !Number.isSafeInteger(size) || size < 1))
    throw new InputError(
      `fromArray: the shape is [${shape.join(', ')}]; it is [examples, numbers], or [examples, height, width], with channels or without`,
    );
  if (values.length !== sizeOf(shape))
    throw new InputError(
      `fromArray: the shape [${shape.join(', ')}] is of ${sizeOf(shape)} numbers, and there are ${values.length}`,
    );
  if (labels === undefined && names !== undefined)
    throw new InputError('fromArray: names are of labels, and there are none');
  const factors = labels === undefined ? unknown(count) : known(labels, names, count, name);
  const common = { name, shape: row.length === 2 ? [...row, 1] : row, count, ...factors };
  const isBytes = values instanceof Uint8Array || values instanceof Uint8ClampedArray;
  return { ...common, ...(isBytes ? bytes(values, count, sizeOf(row)) : floats(values, count, sizeOf(row))) };
}

/** Every example is a value of one factor of its own: nothing is known. */
const unknown = (count: number) => ({
  factors: new FactorSpace([{ name: 'example', values: Array.from({ length: count }, (_, i) => i) }]),
});

function known(
  labels: readonly ArrayLike<number>[],
  names: readonly string[] | undefined,
  count: number,
  name: string,
): Pick<DataSet, 'factors' | 'combinationOf'> {
  if (labels.length === 0) throw new InputError('fromArray: labels are [factor][example], and there is no factor');
  for (const [f, column] of labels.entries()) {
    if (column.length !== count)
      throw new InputError(
        `fromArray: labels[${f}] has ${column.length} values for ${count} examples; labels are [factor][example]`,
      );
    const wrong = Array.from(column).findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new InputError(`fromArray: labels[${f}][${wrong}] is ${column[wrong]}, not a finite number`);
  }
  const rows = Array.from({ length: count }, (_, i) => labels.map((column) => column[i]));
  return labelledFactors(rows, names, name);
}

function bytes(values: ArrayLike<number>, count: number, width: number) {
  const rows = new PackedRows('array', count, width, 8);
  for (let i = 0; i < count; i++)
    rows.set(
      i,
      Uint8Array.from({ length: width }, (_, j) => values[i * width + j]),
    );
  return {
    stored: rows.stored,
    open: (executor: Executor) => rows.open(executor),
    batch: (indices: Tensor) => rows.batch(indices),
  };
}

function floats(values: ArrayLike<number>, count: number, width: number) {
  if (values.length > MOST_NUMBERS)
    throw new InputError(
      `fromArray: ${count} examples of ${width} numbers are more than one buffer holds (${MOST_NUMBERS}): give bytes, or fewer examples`,
    );
  const data = Float32Array.from(values);
  const wrong = data.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0)
    throw new InputError(
      `fromArray: example ${Math.floor(wrong / width)}, entry ${wrong % width} is ${values[wrong]}; a number must be finite, in single precision`,
    );
  const real = data.some((value) => value < 0 || value > 1);
  const tensor = variable('array', [count, width]);
  return {
    ...(real ? ({ real: true } as const) : {}),
    stored: [tensor],
    open: async (executor: Executor) => executor.write(tensor, data),
    batch: (indices: Tensor) => gatherRows(tensor, indices),
  };
}
