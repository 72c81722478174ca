// What an op asks of the GPU: a list of dispatches over its inputs, its output and scratch memory. Plain data, so that a
// plan can be tested, printed and compared without a GPU.

import type { Flavour, Kernel } from '../../shaders/kernel';

export type Slot = { readonly input: number } | { readonly scratch: number } | 'output';

export interface Dispatch {
  readonly kernel: Kernel;
  /** Of a kernel that there is for single numbers and for four at a time. */
  readonly flavour?: Flavour;
  /** Values of the kernel's `override` constants: each combination is a pipeline of its own. */
  readonly constants?: Readonly<Record<string, number>>;
  /** The words of the kernel's `Sizes` uniform; floats as their bits. */
  readonly sizes: readonly number[];
  /** What to bind at 1, 2, ... */
  readonly slots: readonly Slot[];
  readonly workgroups: readonly [number, number, number];
}

export interface Plan {
  readonly dispatches: readonly Dispatch[];
  /** Bytes of each scratch buffer the dispatches share. */
  readonly scratch?: readonly number[];
}

export const input = (index: number): Slot => ({ input: index });
export const scratch = (index: number): Slot => ({ scratch: index });
export const output: Slot = 'output';

/**
 * How many arithmetic operations a dispatch may have: about 0.1 s on a software adapter. Some systems reset a GPU that is
 * busy with one dispatch for two seconds, and a run can only stop between dispatches.
 */
export const OPERATIONS_PER_DISPATCH = 4e8;

/**
 * Work of `items` that cost `operations` each, cut into dispatches of whole `unit`s: the first item and the number of items
 * of each. At least one unit goes into a dispatch, however long it takes.
 */
export function chunks(items: number, operations: number, unit = 64): [first: number, count: number][] {
  const each = unit * Math.max(1, Math.floor(OPERATIONS_PER_DISPATCH / (operations * unit)));
  return Array.from({ length: Math.ceil(items / each) }, (_, i) => [i * each, Math.min(each, items - i * each)]);
}

const MAX_WORKGROUPS = 65535;

/** Workgroups for `threads` threads, `size` a group, folded into two dimensions where one is not enough. */
export function workgroupsFor(threads: number, size = 64): [number, number, number] {
  const groups = Math.max(1, Math.ceil(threads / size));
  const y = Math.ceil(groups / MAX_WORKGROUPS);
  return [Math.ceil(groups / y), y, 1];
}

/** A plan of one dispatch with `threads` threads in workgroups of `group`. */
export function single({
  threads,
  group,
  ...rest
}: Omit<Dispatch, 'workgroups'> & { threads: number; group?: number }): Plan {
  return { dispatches: [{ ...rest, workgroups: workgroupsFor(threads, group) }] };
}
