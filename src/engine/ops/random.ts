// Random tensors by counter: draw j of replica r at step t is a pure function of (seeds[r], purpose, j, t). So a stream
// does not depend on which other replicas run beside it, and a resumed run continues it exactly.

import randomKernel from '../../shaders/random.wgsl';
import { InputError, ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { constantOf, input, output, perThread } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { type Shape, sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { normalF } from '../random/normal';
import { indexBelow, threefry, uniformF } from '../random/threefry';

interface Options {
  /** By its name in shaders/random.wgsl. */
  readonly kind: 'uniform' | 'normal' | 'index' | 'bits';
  /** Shape of one replica's draws. */
  readonly shape: Shape;
  /** Streams with different purposes are independent. */
  readonly purpose: number;
  /** For `index`: draws lie in 0 ... range - 1. */
  readonly range: number;
}

/** What a random op needs to know who asks and when. */
export interface Stream {
  /** u32 [R]: one seed a replica. */
  readonly seeds: Tensor;
  /** u32 [1]: the step counter. */
  readonly step: Tensor;
}

export const randomRule = /* @__PURE__ */ defineOp<Options>({
  name: 'random',
  operands: 'u32',
  infer([seeds, step], { kind, shape, purpose, range }) {
    checkStream('random', seeds.shape, step.shape);
    const isWord = (x: number, lowest: number) => Number.isInteger(x) && x >= lowest && x < 2 ** 32;
    if (!isWord(purpose, 0)) throw new InputError(`random: a purpose is a whole number below 2^32, not ${purpose}`);
    if (kind === 'index' && !isWord(range, 1))
      throw new InputError(`randomIndices: the range is a whole number from 1 to 2^32 - 1, not ${range}`);
    return { shape: [seeds.shape[0], ...shape], dtype: kind === 'index' || kind === 'bits' ? 'u32' : 'f32' };
  },
  kernels([seeds], _output, { kind, shape, purpose, range }, tuning) {
    const draws = sizeOf(shape);
    const [replicas] = seeds.shape;
    return perThread(tuning, {
      kernel: randomKernel,
      constants: constantOf(kind),
      sizes: [draws, purpose, range],
      slots: [input(0), input(1), output],
      threads: replicas * Math.ceil(draws / 2),
      operations: 400,
    });
  },
  cpu: ([seeds], _output, { kind, shape, purpose, range }) =>
    call(`random_${kind}`, [input(0), input(1), output], seeds.shape[0], sizeOf(shape), purpose, range),
  gradient: { reason: 'random numbers depend on no input that varies' },
  reference([seeds, step], result, { kind, shape, purpose, range }) {
    const draws = sizeOf(shape);
    const index = (bits: number) => indexBelow(bits, range);
    const draw = { uniform: uniformF, normal: normalF, index, bits: (bits: number) => bits }[kind];
    for (let i = 0; i < result.data.length; i++) {
      const j = i % draws;
      const block = threefry([seeds.data[Math.floor(i / draws)], purpose], [j >> 1, step.data[0]]);
      result.data[i] = draw(block[j & 1]);
    }
  },
});

/** Throws ShapeError unless seeds are [R] and the step [1]. */
export function checkStream(op: string, seeds: Shape, step: Shape): void {
  if (seeds.length !== 1 || sizeOf(step) !== 1) {
    throw new ShapeError(op, 'takes seeds [replicas] and a step [1]', [seeds, step]);
  }
}

const of = (kind: Options['kind']) => (stream: Stream, purpose: number, shape: Shape, range: number) =>
  apply(randomRule, [stream.seeds, stream.step], { kind, shape, purpose, range });

/** Uniform on the open interval (0, 1), f32 [R, ...shape]. */
export const randomUniform = (stream: Stream, purpose: number, shape: Shape): Tensor =>
  of('uniform')(stream, purpose, shape, 0);

/** Standard normal, f32 [R, ...shape]. */
export const randomNormal = (stream: Stream, purpose: number, shape: Shape): Tensor =>
  of('normal')(stream, purpose, shape, 0);

/** Indices below `range`, with replacement, u32 [R, ...shape]. */
export const randomIndices = (stream: Stream, purpose: number, shape: Shape, range: number): Tensor =>
  of('index')(stream, purpose, shape, range);

/** 32 random bits each, u32 [R, ...shape]. */
export const randomBits = (stream: Stream, purpose: number, shape: Shape): Tensor =>
  of('bits')(stream, purpose, shape, 0);
