// Adam (Kingma & Ba 2015, algorithm 1) over one arena of parameters: one dispatch updates everything, after a tiny one
// that works out the bias corrections. Learning rates are per entry, so replicas can differ; the number of updates so far is the
// step counter on the GPU.

import adamKernel from '../../shaders/adam.wgsl';
import adamFactorsKernel from '../../shaders/adam_factors.wgsl';
import { input, MOVE, output, scratch, single, threadDispatches } from '../graph/dispatch';
import { apply, defineOp, ofUpdate } from '../graph/rule';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { expm1F, floatBits, normalOr0 } from '../numeric';
import { checkArena } from './arena';

/** Numbers of Adam: decay rates of the moments, and what is added to the root. */
export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

/** The numbers of Kingma & Ba 2015: .9, .999, 1e-8. */
export const adamDefaults: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** The learning rate of entries between parameters, which belong to no replica and are kept at 0. */
export const GAP = -1;

const f = Math.fround;

export const adamRule = /* @__PURE__ */ defineOp<AdamOptions>({
  name: 'adam',
  operands: ['f32', 'f32', 'f32', 'f32', 'f32', 'u32', 'u32'],
  writes: [0, 2, 3, 6],
  infer(inputs) {
    checkArena('adam', inputs.slice(0, 5), inputs.slice(5));
    return inputs[0];
  },
  kernels([parameters], _output, { beta1, beta2, epsilon }, tuning) {
    // Every thread could work out the bias corrections, and would take half as long again for it.
    const factors = single({
      kernel: adamFactorsKernel,
      sizes: [floatBits(Math.log(beta1)), floatBits(Math.log(beta2))],
      slots: [input(5), scratch(0)],
      threads: 1,
    });
    const update = threadDispatches(tuning, {
      kernel: adamKernel,
      sizes: [beta1, beta2, epsilon].map(floatBits),
      slots: [output, ...[1, 2, 3, 4].map(input), scratch(0), input(5), input(6)],
      threads: sizeOf(parameters.shape) / 4,
      operations: 2 * MOVE,
    });
    return { dispatches: [...factors.dispatches, ...update], scratch: [8] };
  },
  cpu: ([parameters], _output, { beta1, beta2, epsilon }) => ({
    calls: [
      { kernel: 'adam_factors', slots: [input(5), scratch(0)], numbers: [Math.log(beta1), Math.log(beta2)] },
      {
        kernel: 'adam',
        slots: [output, ...[1, 2, 3, 4, 5, 6].map(input), scratch(0)],
        numbers: [sizeOf(parameters.shape), beta1, beta2, epsilon],
      },
    ],
    scratch: [8],
  }),
  gradient: ofUpdate,
  reference([parameters, gradients, first, second, rates, step, nonFinite], _output, { beta1, beta2, epsilon }) {
    const [b1, b2] = [f(beta1), f(beta2)];
    const updates = f(step.data[0] + 1);
    const factor1 = f(1 / -expm1F(f(updates * f(Math.log(beta1)))));
    const factor2 = f(1 / f(Math.sqrt(-expm1F(f(updates * f(Math.log(beta2)))))));
    for (let i = 0; i < parameters.data.length; i++) {
      const gap = rates.data[i] < 0;
      const g = gap ? 0 : gradients.data[i];
      if (!Number.isFinite(g)) nonFinite.data[0] = Math.min(nonFinite.data[0], step.data[0]);
      const m = normalOr0(f(f(b1 * first.data[i]) + f(f(1 - b1) * g)));
      const v = normalOr0(f(f(b2 * second.data[i]) + f(f(1 - b2) * f(g * g))));
      first.data[i] = m;
      second.data[i] = v;
      const change = f(f(rates.data[i] * f(m * factor1)) / f(f(f(Math.sqrt(v)) * factor2) + f(epsilon)));
      parameters.data[i] = gap ? 0 : parameters.data[i] - change;
    }
  },
});

/** What Adam updates and reads: arenas of parameters, gradients and both moments, f32 [n], rates f32 [n], the step, u32 [1]. */
export interface AdamState {
  /** f32 [n], n a multiple of 4: the arena and its two moments, all variables. */
  readonly parameters: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
  /** f32 [n]: see `pack`. */
  readonly gradients: Tensor;
  /** f32 [n]: the learning rate of every entry, or GAP. */
  readonly rates: Tensor;
  /** u32 [1]: updates made so far. */
  readonly step: Tensor;
  /** u32 [1], a variable: the first step whose gradient was not finite; write 0xffffffff before training. */
  readonly nonFinite: Tensor;
}

/** One Adam update of the whole arena. Throws ShapeError where the state does not fit together. */
export const adam = (state: AdamState, options: AdamOptions = adamDefaults): Tensor => {
  const { parameters, gradients, first, second, rates, step, nonFinite } = state;
  return apply(adamRule, [parameters, gradients, first, second, rates, step, nonFinite], options);
};
