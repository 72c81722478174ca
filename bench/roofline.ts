// The ceilings of the present adapter, by three probe kernels: arithmetic, copying, and launching. Measured, never quoted.

import { apply, call, defineOp, input, output, perThread } from '../src/engine';
import type { Kernel } from '../src/shaders/kernel';
import probeCopyKernel from '../src/shaders/probe_copy.wgsl';
import probeMultiplyAddKernel from '../src/shaders/probe_multiply_add.wgsl';
import probeNothingKernel from '../src/shaders/probe_nothing.wgsl';
import { type BenchCase, type Measured, of, type Roofline } from './case';
import { floats } from './data';

const THREADS = 2 ** 14;
const TURNS = 16;
/** Steps of each chain in a turn. */
const STEPS = 8;
const COPIED = 2 ** 22;
const LAUNCHES = 100;

/** A probe as an op: it has a kernel and a shape, and nobody differentiates it. */
const probe = (kernel: Kernel, threads: number, turns = 0) =>
  defineOp<null>({
    name: kernel.name,
    infer: ([x]) => x,
    kernels: (_inputs, _output, _options, tuning) =>
      perThread(tuning, { kernel, sizes: [turns], slots: [input(0), output], threads }),
    cpu: () => call(kernel.name, [input(0), output], threads, turns),
    gradient: { reason: 'a probe measures the adapter' },
    reference: ([x], result) => result.data.set(x.data),
  });

/** Measured in the same rounds as the cases, first in each. */
export const probes: readonly BenchCase[] = [
  {
    name: 'probe/multiply-add',
    shape: [THREADS],
    flops: THREADS * TURNS * STEPS * 8 * 4 * 2,
    bytes: 0,
    build: () => of(apply(probe(probeMultiplyAddKernel, THREADS, TURNS), [floats([4 * THREADS])], null)),
  },
  {
    name: 'probe/copy',
    shape: [COPIED],
    flops: 0,
    bytes: 8 * COPIED,
    build: () => of(apply(probe(probeCopyKernel, COPIED / 4), [floats([COPIED])], null)),
  },
  {
    name: 'probe/nothing',
    shape: [LAUNCHES],
    flops: 0,
    bytes: 0,
    build: () => {
      let x = floats([4]);
      for (let i = 0; i < LAUNCHES; i++) x = apply(probe(probeNothingKernel, 1), [x], null);
      return of(x);
    },
  },
];

/** The ceilings from the probes' fastest samples: what the adapter can do when nothing disturbs it. */
export function rooflineOf(probeResults: readonly Measured[]): Roofline {
  const rate = (name: string, amount: number): number => amount / fastest(name) / 1e6;
  const fastest = (name: string): number => probeResults.find((each) => each.name === name)?.minMs ?? Number.NaN;
  const [arithmetic, copy] = probes;
  return {
    gflops: rate(arithmetic.name, arithmetic.flops),
    gbps: rate(copy.name, copy.bytes),
    launchUs: (1000 * fastest('probe/nothing')) / LAUNCHES,
  };
}
