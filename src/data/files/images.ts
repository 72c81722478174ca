// Images with labels out of files that any framework writes: an .npz with `images` and `labels` (the keys that
// disentanglement_lib reads), or two .npy files. Bytes stay bytes on the GPU; other numbers are kept as floats.

import { type Executor, gatherRows, InputError, sizeOf, type Tensor, variable } from '../../engine';
import type { DataSet } from '../dataSet';
import type { FactorSpace } from '../factors';
import { labelledFactors } from '../labels';
import { checkEvery } from './dsprites';
import { npyValues } from './npy';
import { type NpyRows, openNpy } from './npyStream';
import { PackedRows } from './packedRows';

/** How a file of images is read. */
export interface ImageFileOptions {
  readonly name?: string;
  /** Keeps rows 0, n, 2n, ...; all by default. */
  readonly every?: number;
  /** A file of labels beside an .npy of images: [rows] or [rows, factors]. */
  readonly labels?: Blob;
  /** Names of the factors, one a column of the labels. */
  readonly names?: readonly string[];
  /** Where the rows are all combinations in order, as in MPI3D, their factors; labels are not read then. */
  readonly factors?: FactorSpace;
}

/** What one buffer may hold of floats. */
const MOST_BYTES = 128 * 2 ** 20;

/**
 * A data set of `images` [rows, height, width], [rows, height, width, channels] or [rows, numbers]. Bytes are divided by
 * 255. Factor values are the labels that occur, in order. Throws InputError, naming member, row and byte, for a file that is
 * cut off, damaged, without labels or with other numbers of them, or with numbers that are not finite.
 */
export async function readImages(file: Blob, options: ImageFileOptions = {}): Promise<DataSet> {
  const { name = 'images', every = 1 } = options;
  checkEvery(every);
  const images = await openNpy(file, 'images', name);
  const [total, ...row] = images.header.shape;
  if (row.length < 1 || row.length > 3) {
    throw new InputError(
      `${images.name} has shape [${images.header.shape}]; images are [rows, height, width], with channels or without, or [rows, numbers].`,
    );
  }
  const shape = row.length === 2 ? [...row, 1] : row;
  const count = Math.ceil(total / every);
  const labelled =
    options.factors === undefined
      ? labelledFactors(await readLabels(file, options, name, total, every), options.names, name)
      : given(options.factors, total, every, images.name);
  const content = await (images.header.descr === '|u1' ? bytes : floats)(images, count, sizeOf(row), every);
  return { name, shape, count, ...labelled, ...content };
}

async function bytes(images: NpyRows, count: number, width: number, every: number) {
  const rows = new PackedRows('images', count, width, 8);
  await images.forEach(every, (row, values) => rows.set(row / every, values));
  return {
    stored: rows.stored,
    open: (executor: Executor) => rows.open(executor),
    batch: (indices: Tensor) => rows.batch(indices),
  };
}

async function floats(images: NpyRows, count: number, width: number, every: number) {
  if (count * width * 4 > MOST_BYTES) {
    throw new InputError(
      `${images.name} has ${count} rows of ${width} numbers: more than one buffer holds. Save bytes, or read every n-th row.`,
    );
  }
  const data = new Float32Array(count * width);
  await images.forEach(every, (row, values) => {
    const numbers = npyValues(values, images.header);
    const wrong = numbers.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new InputError(`${images.name}, row ${row + 1}, entry ${wrong + 1} is ${numbers[wrong]}.`);
    data.set(numbers, (row / every) * width);
  });
  const tensor = variable('images', [count, width]);
  return {
    stored: [tensor],
    open: async (executor: Executor) => executor.write(tensor, data),
    batch: (indices: Tensor) => gatherRows(tensor, indices),
  };
}

/** Labels by row, [rows][factors]. */
async function readLabels(
  file: Blob,
  { labels }: ImageFileOptions,
  name: string,
  total: number,
  every: number,
): Promise<number[][]> {
  const rows = await openNpy(labels ?? file, 'labels', labels === undefined ? name : `labels of ${name}`);
  const [count, ...rest] = rows.header.shape;
  if (total === 0) throw new InputError(`${name} has no images.`);
  if (count !== total || rest.length > 1) {
    throw new InputError(
      `${rows.name} has shape [${rows.header.shape}]; for ${total} images labels are [${total}] or [${total}, factors].`,
    );
  }
  const found: number[][] = [];
  await rows.forEach(every, (row, values) => {
    const numbers = Array.from(npyValues(values, rows.header));
    const wrong = numbers.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw new InputError(`${rows.name}, row ${row + 1}, column ${wrong + 1} is ${numbers[wrong]}.`);
    found.push(numbers);
  });
  return found;
}

function given(factors: FactorSpace, total: number, every: number, name: string) {
  if (factors.count !== total) {
    throw new InputError(`${name} has ${total} rows; the factors have ${factors.count} combinations.`);
  }
  return { factors, combinationOf: (index: number): number => index * every };
}
