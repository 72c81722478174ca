// How much memory a graph will take, known before there is a GPU: the static plan is pure. It is what decides how large a
// population may be.

import { type Plan, SOFTWARE, type Tuning } from './dispatch';
import { planMemory, sizeClass } from './memory';
import { type Graph, type Schedule, schedule } from './schedule';
import { sizeOf } from './shape';
import type { Tensor } from './tensor';

/** Bytes that a graph needs: in all, and its largest buffer. */
export interface Footprint {
  /** Bytes of all buffers: intermediate results, constants and variables. */
  readonly bytes: number;
  /** Bytes of the largest buffer, which must not exceed the adapter's `maxStorageBufferBindingSize`. */
  readonly largest: number;
}

/** The memory that the program of `graph` needs, variables included; a plan for a software adapter by default. */
export function footprint(graph: Graph, tuning: Tuning = SOFTWARE): Footprint {
  const work = schedule(graph);
  const leaves = work.leaves.map(({ shape }) => sizeClass(4 * sizeOf(shape)));
  const sizes = [...planMemory(work, plansOf(work, tuning)).buffers, ...leaves];
  return { bytes: sizes.reduce((total, size) => total + size, 0), largest: sizes.reduce((a, b) => Math.max(a, b), 0) };
}

/** The kernels of everything a program does: operations first, then updates. */
export function plansOf({ operations, updates }: Schedule, tuning: Tuning): Map<Tensor, Plan> {
  const plans = new Map<Tensor, Plan>();
  for (const tensor of [...operations, ...updates])
    if (tensor.source.kind === 'operation')
      plans.set(tensor, tensor.source.operation.kernels(tensor.inputs, tensor, tuning));
  return plans;
}
