// z = mean + L noise (reparameterization: Kingma & Welling 2019, algorithm 2) for packed Gaussians, diagonal or full. The
// noise is a pure function of its counter: the gradient draws it again instead of keeping it.

import sampleGaussianKernel from '../../shaders/sample_gaussian.wgsl';
import sampleGaussianGradientKernel from '../../shaders/sample_gaussian_gradient.wgsl';
import { ShapeError } from '../errors';
import { type CpuPlan, call } from '../graph/cpuPlan';
import { input, output, perThread, type Slot, scratch } from '../graph/dispatch';
import { apply, defineOp, type Rule } from '../graph/rule';
import { checkUpstream, type Shape, sizeOf } from '../graph/shape';
import type { Signature, Tensor, Values } from '../graph/tensor';
import { expF } from '../numeric';
import { normalAt } from '../random/normal';
import { checkPacked, lowerAt, lowerCount, lowerEntry } from './packedGaussian';
import { checkStream, type Stream } from './random';

interface Options {
  readonly dimensions: number;
  readonly purpose: number;
}

const f = Math.fround;

/** What a draw costs, measured against an arithmetic operation. */
const DRAW = 200;

export const sampleGaussianRule = /* @__PURE__ */ defineOp<Options>({
  name: 'sampleGaussian',
  operands: ['f32', 'u32', 'u32'],
  infer([packed, seeds, step], { dimensions }) {
    checkPacked('sampleGaussian', packed.shape, dimensions);
    checkNoise('sampleGaussian', packed.shape, seeds.shape, step.shape);
    return { shape: [packed.shape[0], packed.shape[1], dimensions], dtype: 'f32' };
  },
  kernels([packed], { shape }, { dimensions, purpose }, tuning) {
    const count = sizeOf(shape);
    const sizes = [dimensions, packed.shape[2], packed.shape[1], purpose];
    const slots = [input(0), input(1), input(2), output];
    return perThread(tuning, {
      kernel: sampleGaussianKernel,
      sizes,
      slots,
      threads: count,
      operations: DRAW * dimensions,
    });
  },
  cpu: ([packed], _output, options) =>
    withNoise('sample_gaussian', [input(0), input(1), input(2), output], packed, options),
  gradient: ({ inputs: [packed, seeds, step], options }, upstream) => [
    () => apply(sampleGaussianGradientRule, [packed, seeds, step, upstream], options),
    null,
    null,
  ],
  reference([packed, seeds, step], result, options) {
    const { dimensions } = options;
    const [, , width] = packed.shape;
    const noise = noiseOf(packed, seeds, step, options);
    for (let at = 0; at < result.data.length; at++) {
      const i = at % dimensions;
      const row = Math.floor(at / dimensions);
      const entry = (column: number) => packed.data[row * width + column];
      let z = f(entry(i) + f(expF(entry(dimensions + i)) * noise(row, i)));
      for (let j = 0; j < lowerCount(i, dimensions, width); j++)
        z = f(z + f(entry(lowerAt(i, j, dimensions)) * noise(row, j)));
      result.data[at] = z;
    }
  },
});

export const sampleGaussianGradientRule: Rule<Options> = /* @__PURE__ */ defineOp({
  name: 'sampleGaussianGradient',
  operands: ['f32', 'u32', 'u32', 'f32', 'f32'],
  infer([packed, seeds, step, upstream, before = packed], { dimensions }) {
    checkUpstream('sampleGaussianGradient', before.shape, packed.shape);
    checkPacked('sampleGaussianGradient', packed.shape, dimensions);
    checkNoise('sampleGaussianGradient', packed.shape, seeds.shape, step.shape);
    checkUpstream('sampleGaussianGradient', upstream.shape, [...packed.shape.slice(0, 2), dimensions]);
    return packed;
  },
  kernels([packed, , , , before], { shape }, { dimensions, purpose }, tuning) {
    const count = (sizeOf(shape) / packed.shape[2]) * dimensions;
    const sizes = [dimensions, packed.shape[2], packed.shape[1], purpose];
    const added = before !== undefined;
    const slots = [input(0), input(1), input(2), input(3), input(added ? 4 : 0), output];
    return perThread(tuning, {
      kernel: sampleGaussianGradientKernel,
      constants: { ADDED: Number(added) },
      sizes,
      slots,
      threads: count,
      operations: 2 * DRAW,
    });
  },
  cpu([packed, , , , before], _output, options) {
    const added = before !== undefined;
    const slots = [...[0, 1, 2, 3, added ? 4 : 0].map(input), output];
    return withNoise('sample_gaussian_gradient', slots, packed, options, Number(added));
  },
  gradient: { reason: 'second derivatives of a sample are not implemented' },
  addedTo: ({ inputs, options }, before) =>
    inputs.length === 4 ? apply(sampleGaussianGradientRule, [...inputs, before], options) : undefined,
  reference([packed, seeds, step, upstream, before], result, options) {
    const { dimensions } = options;
    const [, , width] = packed.shape;
    const noise = noiseOf(packed, seeds, step, options);
    for (let at = 0; at < result.data.length; at++) {
      const column = at % width;
      const row = Math.floor(at / width);
      const g = (i: number) => upstream.data[row * dimensions + i];
      const own = (): number => {
        if (column < dimensions) return g(column);
        if (column >= 2 * dimensions) {
          const [i, j] = lowerEntry(column, dimensions);
          return f(g(i) * noise(row, j));
        }
        const i = column - dimensions;
        return f(g(i) * f(expF(packed.data[at]) * noise(row, i)));
      };
      result.data[at] = before === undefined ? own() : f(before.data[at] + own());
    }
  },
});

/** A call that has room for the noise of a replica, and for the deviations of a row in whole vectors. */
function withNoise(
  kernel: string,
  slots: readonly Slot[],
  { shape }: Signature,
  { dimensions, purpose }: Options,
  ...rest: readonly number[]
): CpuPlan {
  const numbers = [...shape, dimensions, purpose, ...rest];
  return {
    ...call(kernel, [...slots, scratch(0), scratch(1)], ...numbers),
    scratch: [8 * shape[1] * Math.ceil(dimensions / 2), 16 * Math.ceil(dimensions / 4)],
  };
}

function checkNoise(op: string, packed: Shape, seeds: Shape, step: Shape): void {
  checkStream(op, seeds, step);
  if (seeds[0] !== packed[0]) throw new ShapeError(op, 'there must be a seed for each replica', [packed, seeds]);
}

function noiseOf(packed: Values, seeds: Values, step: Values, { dimensions, purpose }: Options) {
  const [, rows] = packed.shape;
  return (row: number, i: number): number => {
    const seed = seeds.data[Math.floor(row / rows)];
    return normalAt([seed, purpose], row % rows, dimensions, i, step.data[0]);
  };
}

/** One sample [R, rows, dimensions] of each packed Gaussian [R, rows, width]. `purpose` names the stream of noise. */
export const sampleGaussians = (packed: Tensor, stream: Stream, dimensions: number, purpose: number): Tensor =>
  apply(sampleGaussianRule, [packed, stream.seeds, stream.step], { dimensions, purpose });
