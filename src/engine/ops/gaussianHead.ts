// From what a network puts out to packed Gaussians: log standard deviations bounded, entries below the diagonal times
// the replica's coupling. Coupling 0 is the diagonal Gaussian with the same parameters and the same code path.

import { ShapeError } from '../errors';
import { input, output, type Slot, single } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import { apply, type Rule, type Signature, type Tensor, type Values } from '../graph/tensor';
import { floatBits } from '../numeric';
import { checkPacked } from './packedGaussian';

interface Options {
  readonly dimensions: number;
  readonly lowest: number;
  readonly highest: number;
}

export const gaussianHead: Rule<Options> = {
  name: 'gaussianHead',
  infer([raw, coupling], { dimensions }) {
    checkPacked('gaussianHead', raw.shape, dimensions);
    if (coupling.shape.length !== 1 || coupling.shape[0] !== raw.shape[0]) {
      throw new ShapeError('gaussianHead', 'the coupling must be [replicas]', [raw.shape, coupling.shape]);
    }
    return raw;
  },
  kernels: ([raw], _output, options) => plan(raw, options, 0, [input(0), input(1), input(0), output]),
  gradient: ({ inputs: [raw, coupling], options }, upstream) => [
    () => apply(gaussianHeadGradient, [raw, coupling, upstream], options),
    null,
  ],
  reference: ([raw, coupling], result, options) =>
    forEachEntry(raw, options, (i, part, replica) => {
      const x = raw.data[i];
      const { lowest, highest } = options;
      if (part === 'lower') result.data[i] = x * coupling.data[replica];
      else if (part === 'mean') result.data[i] = x;
      else result.data[i] = x < lowest ? lowest : Math.min(x, highest);
    }),
};

export const gaussianHeadGradient: Rule<Options> = {
  name: 'gaussianHeadGradient',
  infer: ([raw]) => raw,
  kernels: ([raw], _output, options) => plan(raw, options, 1, [input(0), input(1), input(2), output]),
  // Linear in the upstream gradient; its slope in the raw output is 0 wherever it exists.
  gradient: ({ inputs: [raw, coupling], options }, second) => [
    null,
    null,
    () => apply(gaussianHeadGradient, [raw, coupling, second], options),
  ],
  reference: ([raw, coupling, upstream], result, options) =>
    forEachEntry(raw, options, (i, part, replica) => {
      const g = upstream.data[i];
      if (part === 'lower') result.data[i] = g * coupling.data[replica];
      else if (part === 'mean') result.data[i] = g;
      else result.data[i] = raw.data[i] < options.lowest || raw.data[i] > options.highest ? 0 : g;
    }),
};

function plan(
  { shape }: Signature,
  { dimensions, lowest, highest }: Options,
  gradient: number,
  slots: readonly Slot[],
) {
  const count = sizeOf(shape);
  const sizes = [count, dimensions, shape[2], shape[1], floatBits(lowest), floatBits(highest)];
  const constants = { GRADIENT: gradient };
  return single({ kernel: 'gaussian_head', constants, sizes, slots, threads: count });
}

function forEachEntry(
  { shape, data }: Values,
  { dimensions }: Options,
  visit: (index: number, part: 'mean' | 'deviation' | 'lower', replica: number) => void,
): void {
  const [, rows, width] = shape;
  for (let i = 0; i < data.length; i++) {
    const column = i % width;
    const part = column < dimensions ? 'mean' : column < 2 * dimensions ? 'deviation' : 'lower';
    visit(i, part, Math.floor(i / width / rows));
  }
}

/**
 * Packed Gaussians [R, rows, width] from raw network output of the same shape: log standard deviations bounded to
 * `bounds`, entries below the diagonal times `coupling` [R].
 */
export const boundGaussian = (
  raw: Tensor,
  coupling: Tensor,
  dimensions: number,
  bounds: readonly [number, number],
): Tensor => apply(gaussianHead, [raw, coupling], { dimensions, lowest: bounds[0], highest: bounds[1] });
