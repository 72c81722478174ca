// The original file of dSprites (dsprites_ndarray_co1sh3sc6or40x32y32_64x64.npz): 3 GB of bytes, read as a stream and kept
// as bits, 377 MB, or every n-th image of it. Its metadata are a Python pickle and are not read; the factors are those of
// the specification, and the file's own classes must agree with them.

import { InputError, reshape, sizeOf } from '../../engine';
import type { DataSet } from '../dataSet';
import type { FactorSpace } from '../factors';
import { areaMean } from '../render';
import { CANVAS, checkSide, spriteFactors } from '../sprites';
import { openNpy } from './npyStream';
import { PackedRows } from './packedRows';

/** How a file of dSprites is read. */
export interface SpriteFileOptions {
  /** What errors call the file. */
  readonly name?: string;
  /** Keeps images 0, n, 2n, ...; all by default. */
  readonly every?: number;
  /** 64 by default; 32 and 16 are area means. */
  readonly side?: number;
  /** For a file that holds a part of dSprites: its factors, in the order of the original. */
  readonly factors?: FactorSpace;
  /** Called with the share of the file that is read. */
  readonly onProgress?: (share: number) => void;
}

const PIXELS = CANVAS * CANVAS;

/**
 * dSprites out of the original file: in a browser a `File`, in Node `await openAsBlob(path)`. Reads the file once; memory
 * beyond the bits is a few megabytes. Throws InputError, naming member, row and byte, where it is another file or damaged.
 */
export async function readSprites(file: Blob, options: SpriteFileOptions = {}): Promise<DataSet> {
  const { name = 'dSprites', every = 1, factors = spriteFactors(), onProgress } = options;
  const side = checkSide(options.side ?? CANVAS);
  checkEvery(every);
  await checkClasses(file, name, factors);
  const images = await openNpy(file, 'imgs', name);
  const expected = [factors.count, CANVAS, CANVAS];
  if (images.header.descr !== '|u1' || String(images.header.shape) !== String(expected)) {
    throw new InputError(
      `${images.name} has shape [${images.header.shape}] of type ${images.header.descr}; dSprites has [${expected}] of |u1.`,
    );
  }
  const count = Math.ceil(factors.count / every);
  const rows = new PackedRows('dSprites', count, PIXELS, 1);
  await images.forEach(every, (row, pixels) => {
    checkPixels(pixels, row, images.name);
    rows.set(row / every, pixels);
    if (row % 4096 === 0) onProgress?.(row / factors.count);
  });
  onProgress?.(1);
  return {
    name: 'dSprites',
    factors,
    shape: [side, side, 1],
    count,
    combinationOf: (index) => index * every,
    stored: rows.stored,
    open: (executor) => rows.open(executor),
    batch(indices) {
      const whole = rows.batch(indices);
      if (side === CANVAS) return whole;
      const small = areaMean(reshape(whole, [sizeOf(indices.shape), CANVAS, CANVAS]), CANVAS / side);
      return reshape(small, [...indices.shape, side * side]);
    },
  };
}

/** Throws InputError for a pixel that is neither 0 nor 1. Three thousand million of them pass here: a plain loop. */
function checkPixels(pixels: Uint8Array, row: number, name: string): void {
  let bits = 0;
  for (let i = 0; i < pixels.length; i++) bits |= pixels[i];
  if (bits <= 1) return;
  const wrong = pixels.findIndex((pixel) => pixel > 1);
  throw new InputError(`${name}, image ${row + 1}, pixel ${wrong + 1} is ${pixels[wrong]}; dSprites has 0 and 1.`);
}

/** Throws InputError unless `every` is a whole number from 1 on. */
export function checkEvery(every: number): void {
  if (!(Number.isInteger(every) && every > 0))
    throw new InputError(`every is ${every}; it must be a whole number from 1 on.`);
}

/** Throws InputError where the file's classes, [rows, 6] with the colour first, do not number its rows in mixed radix. */
async function checkClasses(file: Blob, name: string, factors: FactorSpace): Promise<void> {
  const classes = await openNpy(file, 'latents_classes', name);
  const expected = [factors.count, factors.sizes.length + 1];
  if (classes.header.descr !== '<i8' || String(classes.header.shape) !== String(expected)) {
    throw new InputError(
      `${classes.name} has shape [${classes.header.shape}] of type ${classes.header.descr}; dSprites has [${expected}] of <i8.`,
    );
  }
  const { sizes, strides } = factors;
  await classes.forEach(1, (row, bytes) => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let f = 0; f < sizes.length; f++) {
      const found = view.getUint32(8 * (f + 1), true);
      const due = Math.floor(row / strides[f]) % sizes[f];
      if (found === due) continue;
      const factor = factors.factors[f].name;
      throw new InputError(
        `${classes.name}, row ${row + 1}: ${factor} is ${found} and should be ${due}; it is no dSprites.`,
      );
    }
  });
}
