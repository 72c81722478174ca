// How much memory a graph will take, known before there is a GPU: the static plan is pure. It is what decides how large a
// population may be.

import type { Plan } from './dispatch';
import { planMemory, sizeClass } from './memory';
import { type Graph, type Schedule, schedule } from './schedule';
import { sizeOf } from './shape';
import type { Tensor, Tuning } from './tensor';
import type { Update } from './update';

export interface Footprint {
  /** Bytes of all buffers: intermediate results, constants and variables. */
  readonly bytes: number;
  /** Bytes of the largest buffer, which must not exceed the adapter's `maxStorageBufferBindingSize`. */
  readonly largest: number;
}

/** The memory that the program of `graph` needs, variables included; a plan for a software adapter by default. */
export function footprint(graph: Graph, tuning: Tuning = { software: true, winners: {} }): Footprint {
  const work = schedule(graph);
  const leaves = work.leaves.map(({ shape }) => sizeClass(4 * sizeOf(shape)));
  const sizes = [...planMemory(work, plansOf(work, tuning)).buffers, ...leaves];
  return { bytes: sizes.reduce((total, size) => total + size, 0), largest: Math.max(...sizes) };
}

/** The kernels of everything a program does. */
export function plansOf({ operations, updates }: Schedule, tuning: Tuning): Map<Tensor | Update, Plan> {
  const plans = new Map<Tensor | Update, Plan>();
  for (const tensor of operations) {
    if (tensor.source.kind === 'operation')
      plans.set(tensor, tensor.source.operation.kernels(tensor.inputs, tensor, tuning));
  }
  for (const update of updates) plans.set(update, update.kernels(update.inputs));
  return plans;
}
