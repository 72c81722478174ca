// From what a network puts out to packed Gaussians: log standard deviations bounded, entries below the diagonal times
// the replica's coupling. Coupling 0 is the diagonal Gaussian with the same parameters and the same code path.

import gaussianHeadKernel from '../../shaders/gaussian_head.wgsl';
import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, output, perThread, type Slot, type Tuning } from '../graph/dispatch';
import { apply, defineOp, type Rule } from '../graph/rule';
import { checkUpstream, sameShape, sizeOf } from '../graph/shape';
import type { Signature, Tensor, Values } from '../graph/tensor';
import { floatBits } from '../numeric';
import { checkPacked } from './packedGaussian';
import { slice } from './slice';

interface Options {
  readonly dimensions: number;
  /** Entries of a packed row; the network may put out more, which are ignored. */
  readonly width: number;
  readonly lowest: number;
  readonly highest: number;
}

export const gaussianHeadRule = /* @__PURE__ */ defineOp<Options>({
  name: 'gaussianHead',
  infer([raw, coupling], { dimensions, width }) {
    const shape = [...raw.shape.slice(0, -1), width];
    checkPacked('gaussianHead', shape, dimensions);
    if (raw.shape.length !== 3 || raw.shape[2] < width) {
      throw new ShapeError('gaussianHead', `takes [replicas, rows, ${width} or more]`, [raw.shape]);
    }
    if (coupling.shape.length !== 1 || coupling.shape[0] !== raw.shape[0]) {
      throw new ShapeError('gaussianHead', 'the coupling must be [replicas]', [raw.shape, coupling.shape]);
    }
    return { shape, dtype: 'f32' };
  },
  kernels: ([raw], result, options, tuning) =>
    plan(tuning, raw, result, options, 0, [input(0), input(1), input(0), output]),
  cpu: ([raw], _output, options) => call('gaussian_head', [input(0), input(1), output], ...numbersOf(raw, options)),
  gradient: ({ inputs: [raw, coupling], options }, upstream) => [
    () => apply(gaussianHeadGradientRule, [raw, coupling, upstream], options),
    null,
  ],
  reference: ([raw, coupling], result, options) =>
    forEachEntry(raw, options, (i, at, part, replica) => {
      const x = raw.data[i];
      const { lowest, highest } = options;
      if (part === 'lower') result.data[at] = x * coupling.data[replica];
      else if (part === 'mean') result.data[at] = x;
      else if (part === 'deviation') result.data[at] = x < lowest ? lowest : Math.min(x, highest);
    }),
});

export const gaussianHeadGradientRule: Rule<Options> = /* @__PURE__ */ defineOp({
  name: 'gaussianHeadGradient',
  infer([raw, coupling, upstream], { width }) {
    checkUpstream('gaussianHeadGradient', coupling.shape, raw.shape.slice(0, 1));
    checkUpstream('gaussianHeadGradient', upstream.shape, [...raw.shape.slice(0, 2), width]);
    return raw;
  },
  kernels: ([raw], result, options, tuning) =>
    plan(tuning, raw, result, options, 1, [input(0), input(1), input(2), output]),
  cpu: ([raw], _output, options) =>
    call('gaussian_head_gradient', [input(0), input(1), input(2), output], ...numbersOf(raw, options)),
  // Linear in the upstream gradient; its slope in the raw output is 0 wherever it exists.
  gradient({ inputs: [raw, coupling], options }, second) {
    const shape = [...raw.shape.slice(0, -1), options.width];
    const kept = (x: Tensor) => (sameShape(x.shape, shape) ? x : slice(x, [0, 0, 0], shape));
    return [null, null, () => apply(gaussianHeadGradientRule, [kept(raw), coupling, kept(second)], options)];
  },
  reference: ([raw, coupling, upstream], result, options) =>
    forEachEntry(raw, options, (i, at, part, replica) => {
      const g = upstream.data[at];
      if (part === 'beyond') result.data[i] = 0;
      else if (part === 'lower') result.data[i] = g * coupling.data[replica];
      else if (part === 'mean') result.data[i] = g;
      else result.data[i] = raw.data[i] < options.lowest || raw.data[i] > options.highest ? 0 : g;
    }),
});

function plan(
  tuning: Tuning,
  raw: Signature,
  { shape }: Signature,
  { dimensions, width, lowest, highest }: Options,
  gradient: number,
  slots: readonly Slot[],
) {
  const count = sizeOf(shape);
  const [, rows, wide] = raw.shape;
  const sizes = [dimensions, width, rows, floatBits(lowest), floatBits(highest), wide];
  const constants = { GRADIENT: gradient };
  return perThread(tuning, { kernel: gaussianHeadKernel, constants, sizes, slots, threads: count });
}

const numbersOf = ({ shape }: Signature, { width, dimensions, lowest, highest }: Options): number[] => [
  ...shape,
  width,
  dimensions,
  lowest,
  highest,
];

/** Visits the entries of raw rows: where they are, where they are in packed rows, what they mean. */
function forEachEntry(
  { shape, data }: Values,
  { dimensions, width }: Options,
  visit: (index: number, at: number, part: 'mean' | 'deviation' | 'lower' | 'beyond', replica: number) => void,
): void {
  const [, rows, wide] = shape;
  for (let i = 0; i < data.length; i++) {
    const column = i % wide;
    const row = Math.floor(i / wide);
    const inside = column < 2 * dimensions ? 'deviation' : column < width ? 'lower' : 'beyond';
    visit(i, row * width + column, column < dimensions ? 'mean' : inside, Math.floor(row / rows));
  }
}

/**
 * Packed Gaussians [R, rows, width] from raw network output [R, rows, width or more]: log standard deviations bounded to
 * `bounds`, entries below the diagonal times `coupling` [R], what lies beyond the width ignored. A network may put out a
 * multiple of four numbers, which is faster, and use what it needs.
 */
export function boundGaussian(
  raw: Tensor,
  coupling: Tensor,
  { dimensions, width, bounds }: { dimensions: number; width: number; bounds: readonly [number, number] },
): Tensor {
  const [lowest, highest] = bounds.map(Math.fround);
  // As the kernels know them: an entry that is the bound in f32 is not beyond it.
  return apply(gaussianHeadRule, [raw, coupling], { dimensions, width, lowest, highest });
}
