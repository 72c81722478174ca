// Decoupled weight decay (Loshchilov & Hutter 2019): p = p - rate decay p, before the optimiser's own update. With Adam it
// is AdamW.

import weightDecayKernel from '../../shaders/weight_decay.wgsl';
import { call } from '../graph/cpuPlan';
import { input, output, perThread } from '../graph/dispatch';
import { apply, defineOp, ofUpdate } from '../graph/rule';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { type AdamOptions, type AdamState, adam } from './adam';
import { checkArena } from './arena';

const f = Math.fround;

export const weightDecayRule = /* @__PURE__ */ defineOp<null>({
  name: 'weightDecay',
  writes: [0],
  infer(inputs) {
    checkArena('weightDecay', inputs);
    return inputs[0];
  },
  kernels([parameters], _output, _options, tuning) {
    const vectors = sizeOf(parameters.shape) / 4;
    return perThread(tuning, {
      kernel: weightDecayKernel,
      sizes: [],
      slots: [output, input(1), input(2)],
      threads: vectors,
    });
  },
  cpu: ([parameters]) => call('weight_decay', [output, input(1), input(2)], sizeOf(parameters.shape)),
  gradient: ofUpdate,
  reference([parameters, rates, decays]) {
    for (const [i, p] of parameters.data.entries()) {
      const gap = rates.data[i] < 0 || decays.data[i] < 0;
      parameters.data[i] = gap ? p : f(p - f(f(rates.data[i] * decays.data[i]) * p));
    }
  },
});

/**
 * Shrinks an arena: `rates` and `decays` are f32 [n], one number an entry, negative where nothing decays. Throws
 * ShapeError as `adam`.
 */
export const weightDecay = (parameters: Tensor, rates: Tensor, decays: Tensor): Tensor =>
  apply(weightDecayRule, [parameters, rates, decays], null);

/** AdamW: decoupled decay, then Adam. `decays` [n] is one number an entry, so replicas and biases can differ. */
export const adamW = (state: AdamState, decays: Tensor, options?: AdamOptions): Tensor[] => [
  weightDecay(state.parameters, state.rates, decays),
  adam(state, options),
];
