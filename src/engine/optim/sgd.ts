// Stochastic gradient descent with momentum (Polyak 1964, in the form of Sutskever et al. 2013 without Nesterov's step):
// v = momentum v + g, p = p - rate v. One dispatch over the arena, as Adam.

import sgdKernel from '../../shaders/sgd.wgsl';
import { call } from '../graph/cpuPlan';
import { input, output, perThread } from '../graph/dispatch';
import { apply, defineOp, ofUpdate } from '../graph/rule';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { floatBits, normalOr0 } from '../numeric';
import { checkArena } from './arena';

interface Options {
  readonly momentum: number;
}

const f = Math.fround;

export const sgdRule = /* @__PURE__ */ defineOp<Options>({
  name: 'sgd',
  operands: ['f32', 'f32', 'f32', 'f32', 'u32', 'u32'],
  writes: [0, 2, 5],
  infer(inputs) {
    checkArena('sgd', inputs.slice(0, 4), inputs.slice(4));
    return inputs[0];
  },
  kernels([parameters], _output, { momentum }, tuning) {
    const vectors = sizeOf(parameters.shape) / 4;
    const slots = [output, ...[1, 2, 3, 4, 5].map(input)];
    return perThread(tuning, { kernel: sgdKernel, sizes: [floatBits(momentum)], slots, threads: vectors });
  },
  cpu: ([parameters], _output, { momentum }) =>
    call('sgd', [output, ...[1, 2, 3, 4, 5].map(input)], sizeOf(parameters.shape), momentum),
  gradient: ofUpdate,
  reference([parameters, gradients, velocity, rates, step, nonFinite], _output, { momentum }) {
    for (let i = 0; i < parameters.data.length; i++) {
      const gap = rates.data[i] < 0;
      const g = gap ? 0 : gradients.data[i];
      if (!Number.isFinite(g)) nonFinite.data[0] = Math.min(nonFinite.data[0], step.data[0]);
      const v = normalOr0(f(f(f(momentum) * velocity.data[i]) + g));
      velocity.data[i] = v;
      parameters.data[i] = gap ? 0 : f(parameters.data[i] - f(rates.data[i] * v));
    }
  },
});

/** What gradient descent updates and reads. */
export interface SgdState {
  /** f32 [n], n a multiple of 4: the arena and its velocities, both variables. */
  readonly parameters: Tensor;
  readonly velocity: Tensor;
  /** f32 [n]: see `pack`. */
  readonly gradients: Tensor;
  /** f32 [n]: the learning rate of every entry, or GAP. */
  readonly rates: Tensor;
  /** u32 [1]: updates made so far. */
  readonly step: Tensor;
  /** u32 [1], a variable: the first step whose gradient was not finite; write 0xffffffff before training. */
  readonly nonFinite: Tensor;
}

/** One update of the whole arena; momentum 0 is plain gradient descent. Throws ShapeError as `adam`. */
export function sgd(state: SgdState, momentum = 0): Tensor {
  const { parameters, gradients, velocity, rates, step, nonFinite } = state;
  return apply(sgdRule, [parameters, gradients, velocity, rates, step, nonFinite], { momentum });
}
