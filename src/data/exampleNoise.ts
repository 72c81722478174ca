// Noise that belongs to an example: a pure function of (seed, purpose, number of the example), so that an example is the
// same whenever it is drawn, in whatever batch, and nothing is stored. The generator is the engine's (Threefry).

import { apply, call, defineOp, input, output, perThread, sizeOf, type Tensor } from '../engine';
import { normalF } from '../engine/random/normal';
import { threefry, uniformF } from '../engine/random/threefry';
import exampleNoiseKernel from '../shaders/example_noise.wgsl';

/** Which noise: its stream and its shape. */
export interface NoiseOptions {
  readonly kind: 'uniform' | 'normal';
  readonly seed: number;
  /** Streams with different purposes are independent. */
  readonly purpose: number;
  /** Numbers for each example. */
  readonly width: number;
}

/** Purposes of data sets: far from those of training, which may use the same seed. */
export const noisePurposes = { observation: 0xda7a0000, colour: 0xda7a0001, mixing: 0xda7a0002, draw: 0xda7a0003 };

export const exampleNoiseRule = /* @__PURE__ */ defineOp<NoiseOptions>({
  name: 'exampleNoise',
  operands: 'u32',
  infer: ([indices], { width }) => ({ shape: [...indices.shape, width], dtype: 'f32' }),
  kernels([indices], _output, { kind, seed, purpose, width }, tuning) {
    return perThread(tuning, {
      kernel: exampleNoiseKernel,
      constants: { NORMAL: kind === 'normal' ? 1 : 0 },
      sizes: [width, seed >>> 0, purpose],
      slots: [input(0), output],
      threads: sizeOf(indices.shape) * Math.ceil(width / 2),
      operations: 400,
    });
  },
  cpu: ([indices], _output, { kind, seed, purpose, width }) =>
    call(
      'example_noise',
      [input(0), output],
      ...[sizeOf(indices.shape), width, seed >>> 0, purpose, Number(kind === 'normal')],
    ),
  gradient: { reason: 'noise depends on no input that varies' },
  reference([indices], result, { kind, seed, purpose, width }) {
    const draw = kind === 'normal' ? normalF : uniformF;
    for (let i = 0; i < result.data.length; i++) {
      const j = i % width;
      result.data[i] = draw(threefry([seed, purpose], [indices.data[Math.floor(i / width)], j >> 1])[j & 1]);
    }
  },
});

/** Numbers [..., width] for the examples `indices` (u32 [...]): standard normal, or uniform on the open interval (0, 1). */
export const exampleNoise = (indices: Tensor, options: NoiseOptions): Tensor =>
  apply(exampleNoiseRule, [indices], options);
