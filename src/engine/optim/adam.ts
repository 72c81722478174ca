// Adam (Kingma & Ba 2015, algorithm 1) over one arena of parameters: one dispatch updates everything, after a tiny one that works out the rates. The learning rate
// is per replica; the number of updates so far is the step counter on the GPU.

import { input, scratch, workgroupsFor } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { type Update, type UpdateRule, update } from '../graph/update';
import { expm1F, floatBits } from '../numeric';

export interface AdamOptions {
  readonly beta1: number;
  readonly beta2: number;
  readonly epsilon: number;
}

export const adamDefaults: AdamOptions = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** The owner of entries between parameters, which belong to no replica and are kept at 0. */
export const GAP = 0xffffffff;

const f = Math.fround;

const rule: UpdateRule<AdamOptions> = {
  name: 'adam',
  kernels([parameters, , , , , rate], { beta1, beta2, epsilon }) {
    const [replicas] = rate.shape;
    const vectors = sizeOf(parameters.shape) / 4;
    return {
      dispatches: [
        {
          kernel: 'adam_rates',
          sizes: [replicas, floatBits(Math.log(beta1)), floatBits(Math.log(beta2))],
          slots: [input(5), input(6), scratch(0)],
          workgroups: workgroupsFor(replicas),
        },
        {
          kernel: 'adam',
          sizes: [vectors, floatBits(beta1), floatBits(beta2), floatBits(epsilon)],
          slots: [input(0), input(1), input(2), input(3), input(4), scratch(0), input(6), input(7)],
          workgroups: workgroupsFor(vectors),
        },
      ],
      scratch: [4 * (replicas + 1)],
    };
  },
  reference([parameters, gradients, first, second, owner, rate, step, nonFinite], { beta1, beta2, epsilon }) {
    const [b1, b2] = [f(beta1), f(beta2)];
    const updates = step.data[0] + 1;
    const inverse2 = f(1 / f(Math.sqrt(-expm1F(f(updates * f(Math.log(beta2)))))));
    const rates = Array.from(rate.data, (value) => f(value / -expm1F(f(updates * f(Math.log(beta1))))));
    for (let i = 0; i < parameters.data.length; i++) {
      if (owner.data[i] === GAP) {
        parameters.data[i] = 0;
        continue;
      }
      const g = gradients.data[i];
      if (!Number.isFinite(g)) nonFinite.data[0] = Math.min(nonFinite.data[0], step.data[0]);
      const m = f(f(b1 * first.data[i]) + f(f(1 - b1) * g));
      const v = f(f(b2 * second.data[i]) + f(f(1 - b2) * f(g * g)));
      first.data[i] = m;
      second.data[i] = v;
      const change = f(f(rates[owner.data[i]] * m) / f(f(f(Math.sqrt(v)) * inverse2) + f(epsilon)));
      parameters.data[i] = parameters.data[i] - change;
    }
  },
};

export interface AdamState {
  /** f32 [n], n a multiple of 4: the arena and its two moments, all variables. */
  readonly parameters: Tensor;
  readonly first: Tensor;
  readonly second: Tensor;
  /** f32 [n]: see `pack`. */
  readonly gradients: Tensor;
  /** u32 [n]: the replica each entry belongs to, or GAP. */
  readonly owner: Tensor;
  /** f32 [R]. */
  readonly learningRate: Tensor;
  /** u32 [1]: updates made so far. */
  readonly step: Tensor;
  /** u32 [1], a variable: the first step whose gradient was not finite; write 0xffffffff before training. */
  readonly nonFinite: Tensor;
}

/** One Adam update of the whole arena. */
export const adam = (state: AdamState, options: AdamOptions = adamDefaults): Update =>
  update(
    rule,
    [
      state.parameters,
      state.gradients,
      state.first,
      state.second,
      state.owner,
      state.learningRate,
      state.step,
      state.nonFinite,
    ],
    options,
  );
