// What an op asks of the GPU: a list of dispatches over its inputs, its output and scratch memory. Plain data, so that a
// plan can be tested, printed and compared without a GPU.

import type { Flavour, Kernel } from '../../shaders/kernel';

/** What a dispatch binds: an operand, the output, or scratch memory. */
export type Slot = { readonly input: number } | { readonly scratch: number } | 'output';

/** Kernels that won a measurement on one adapter: the variant's name by the name of op and problem. */
export type Winners = Readonly<Record<string, string>>;

/** What plans may know about the adapter when they choose among kernels. */
export interface Tuning {
  /** It computes on the CPU. */
  readonly software: boolean;
  /** It has subgroup operations. */
  readonly subgroups: boolean;
  readonly winners: Winners;
}

/** An adapter that computes on the CPU: what is planned for where there is no adapter to ask. */
export const SOFTWARE: Tuning = { software: true, subgroups: false, winners: {} };

/** A GPU without subgroups. */
export const HARDWARE: Tuning = { ...SOFTWARE, software: false };

/** One dispatch of a kernel: constants, sizes, what is bound, and how many workgroups. */
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

/** The dispatches that compute an op, in order, and the scratch memory they need. */
export interface Plan {
  readonly dispatches: readonly Dispatch[];
  /** Bytes of each scratch buffer the dispatches share. */
  readonly scratch?: readonly number[];
}

/** The slot of operand `index`. */
export const input = (index: number): Slot => ({ input: index });
/** The slot of scratch memory `index`. */
export const scratch = (index: number): Slot => ({ scratch: index });
/** The slot of the output. */
export const output: Slot = 'output';

/**
 * How many arithmetic operations a dispatch may have: about 0.1 s on a software adapter, and on a GPU of 4 TFLOP/s. Some systems
 * reset a GPU that is busy with one dispatch for two seconds.
 */
export const operationsPerDispatch = ({ software }: Tuning): number => (software ? 4e8 : 4e11);

/** WebGPU's limit of workgroups along x, y and z. */
export const MAX_WORKGROUPS = 65535;

/** Words of a kernel's uniform: what is bound is 256 bytes. */
export const MAX_SIZES = 64;

/**
 * Work of `items` that cost `operations` each, cut into dispatches of whole `unit`s, at most `most` of them: the first item
 * and the number of items of each. At least one unit goes into a dispatch, however long it takes.
 */
export function chunks(
  tuning: Tuning,
  items: number,
  operations: number,
  unit = 64,
  most = Number.POSITIVE_INFINITY,
): [first: number, count: number][] {
  const fitting = Math.floor(operationsPerDispatch(tuning) / (operations * unit));
  const each = unit * Math.min(most, Math.max(1, fitting));
  return Array.from({ length: Math.ceil(items / each) }, (_, i) => [i * each, Math.min(each, items - i * each)]);
}

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

/** What a thread that moves a few vectors costs, measured against an arithmetic operation. */
export const MOVE = 150;

/** The constant that makes a kernel compute one function of its table: `lessEqual` sets LESS_EQUAL. */
export const constantOf = (name: string): Record<string, number> => ({
  [name.replace(/[A-Z]/g, '_$&').toUpperCase()]: 1,
});

/** Of a kernel with a thread for every element: what it is, its sizes and how many threads. */
export interface Threads extends Omit<Dispatch, 'workgroups'> {
  readonly threads: number;
  /** What a thread costs; `MOVE` by default. */
  readonly operations?: number;
  /** Threads of a workgroup, where the kernel says another number than 64. */
  readonly group?: number;
}

/**
 * The dispatches of a kernel that has a thread for each item: as many as it takes for none to be too long. The kernel's
 * `Sizes` begin with the first thread and the end of the threads of a dispatch (see lib/grid).
 */
export function threadDispatches(tuning: Tuning, work: Threads): Dispatch[] {
  const { threads, operations = MOVE, group = 64, ...rest } = work;
  return chunks(tuning, threads, operations, group).map(([first, count]) => ({
    ...rest,
    sizes: [first, first + count, ...rest.sizes],
    workgroups: workgroupsFor(count, group),
  }));
}

/**
 * The dispatches of a kernel that has a workgroup for each row, for GPUs (see lib/row_tree): a row costs `operations`.
 */
export function rowDispatches(
  tuning: Tuning,
  { rows, operations, ...rest }: Omit<Dispatch, 'workgroups' | 'flavour'> & { rows: number; operations: number },
): Dispatch[] {
  return chunks(tuning, rows, operations, 1).map(([first, count]) => ({
    ...rest,
    flavour: tuning.subgroups ? 'subgroup' : 'shared',
    sizes: [first, first + count, ...rest.sizes],
    workgroups: workgroupsFor(count, 1),
  }));
}

/** A plan of `threadDispatches`. */
export const perThread = (tuning: Tuning, work: Threads): Plan => ({ dispatches: threadDispatches(tuning, work) });
