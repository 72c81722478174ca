// What an op asks of the CPU: calls of kernels in src/engine/cpu/kernels, over its inputs, its output and scratch memory. Plain
// data, like the dispatches that it asks of a GPU.

import type { Slot } from './dispatch';

/** kernel(address of each slot..., numbers...), where numbers are whole or f32 as the kernel declares them. */
export interface CpuCall {
  readonly kernel: string;
  readonly slots: readonly Slot[];
  readonly numbers: readonly number[];
}

/** How an op runs on the CPU: the kernel of WebAssembly and its arguments. */
export interface CpuPlan {
  readonly calls: readonly CpuCall[];
  /** Bytes of each scratch buffer the calls share. */
  readonly scratch?: readonly number[];
}

/** A plan of one call. */
export const call = (kernel: string, slots: readonly Slot[], ...numbers: readonly number[]): CpuPlan => ({
  calls: [{ kernel, slots, numbers }],
});
