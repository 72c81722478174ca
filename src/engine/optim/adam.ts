// Adam (Kingma & Ba 2015, algorithm 1) over one arena of parameters: one dispatch updates everything. The learning rate
// is per replica; the number of updates so far is the step counter on the GPU.

import { input, workgroupsFor } from '../graph/dispatch';
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

const f = Math.fround;

const rule: UpdateRule<AdamOptions> = {
  name: 'adam',
  kernels([parameters], { beta1, beta2, epsilon }) {
    const vectors = sizeOf(parameters.shape) / 4;
    const floats = [beta1, beta2, epsilon, Math.log(beta1), Math.log(beta2)].map(floatBits);
    const slots = [0, 1, 2, 3, 4, 5, 6, 7].map(input);
    return { dispatches: [{ kernel: 'adam', sizes: [vectors, ...floats], slots, workgroups: workgroupsFor(vectors) }] };
  },
  reference([parameters, gradients, first, second, owner, rate, step, nonFinite], { beta1, beta2, epsilon }) {
    const [b1, b2] = [f(beta1), f(beta2)];
    const updates = step.data[0] + 1;
    const correction1 = -expm1F(f(updates * f(Math.log(beta1))));
    const correction2 = -expm1F(f(updates * f(Math.log(beta2))));
    for (let i = 0; i < parameters.data.length; i++) {
      const g = gradients.data[i];
      if (!Number.isFinite(g)) nonFinite.data[0] = Math.min(nonFinite.data[0], step.data[0]);
      const m = f(f(b1 * first.data[i]) + f(f(1 - b1) * g));
      const v = f(f(b2 * second.data[i]) + f(f(1 - b2) * f(g * g)));
      first.data[i] = m;
      second.data[i] = v;
      const scale = f(f(Math.sqrt(f(v / correction2))) + f(epsilon));
      const change = f(f(rate.data[owner.data[i]] * f(m / correction1)) / scale);
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
  /** u32 [n]: the replica each entry belongs to. */
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
