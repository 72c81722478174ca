// Decoupled weight decay (Loshchilov & Hutter 2019): p = p - rate decay p, before the optimiser's own update. With Adam it
// is AdamW.

import weightDecayKernel from '../../shaders/weight_decay.wgsl';
import { input, single } from '../graph/dispatch';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { type Update, type UpdateRule, update } from '../graph/update';
import { type AdamOptions, type AdamState, adam } from './adam';
import { checkArena } from './arena';

const f = Math.fround;

const rule: UpdateRule<null> = {
  name: 'weightDecay',
  writes: [0],
  check: (inputs) => checkArena('weightDecay', inputs),
  kernels([parameters]) {
    const vectors = sizeOf(parameters.shape) / 4;
    return single({ kernel: weightDecayKernel, sizes: [vectors], slots: [0, 1, 2].map(input), threads: vectors });
  },
  reference([parameters, rates, decays]) {
    for (const [i, p] of parameters.data.entries()) {
      const gap = rates.data[i] < 0 || decays.data[i] < 0;
      parameters.data[i] = gap ? p : f(p - f(f(rates.data[i] * decays.data[i]) * p));
    }
  },
};

/**
 * Shrinks an arena: `rates` and `decays` are f32 [n], one number an entry, negative where nothing decays. Throws
 * ShapeError as `adam`.
 */
export const weightDecay = (parameters: Tensor, rates: Tensor, decays: Tensor): Update =>
  update(rule, [parameters, rates, decays], null);

/** AdamW: decoupled decay, then Adam. `decays` [n] is one number an entry, so replicas and biases can differ. */
export const adamW = (state: AdamState, decays: Tensor, options?: AdamOptions): Update[] => [
  weightDecay(state.parameters, state.rates, decays),
  adam(state, options),
];
