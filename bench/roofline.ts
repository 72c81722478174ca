// The ceilings of the present adapter, by three probe kernels: arithmetic, copying, and launching. Measured, never quoted.

import { apply, type Rule } from '../src/engine';
import { input, output, single } from '../src/engine/graph/dispatch';
import type { KernelName } from '../src/shaders';
import { type BenchCase, type CaseResult, of, type Roofline } from './case';
import { floats } from './data';
import { measure } from './measure';

const THREADS = 2 ** 14;
const TURNS = 64;
const COPIED = 2 ** 22;
const LAUNCHES = 100;

/** A probe as an op: it has a kernel and a shape, and nobody differentiates it. */
const probe = (kernel: KernelName, threads: number, turns = 0): Rule<null> => ({
  name: kernel,
  infer: ([x]) => x,
  kernels: () => single({ kernel, sizes: [threads, turns], slots: [input(0), output], threads }),
  gradient: { reason: 'a probe measures the adapter' },
  reference: ([x], result) => result.data.set(x.data),
});

const probes: readonly BenchCase[] = [
  {
    name: 'probe/multiply-add',
    shape: [THREADS],
    flops: THREADS * TURNS * 8 * 4 * 2,
    bytes: 0,
    build: () => of(apply(probe('probe_multiply_add', THREADS, TURNS), [floats([4 * THREADS])], null)),
  },
  {
    name: 'probe/copy',
    shape: [COPIED],
    flops: 0,
    bytes: 8 * COPIED,
    build: () => of(apply(probe('probe_copy', COPIED / 4), [floats([COPIED])], null)),
  },
  {
    name: 'probe/nothing',
    shape: [LAUNCHES],
    flops: 0,
    bytes: 0,
    build: () => {
      let x = floats([4]);
      for (let i = 0; i < LAUNCHES; i++) x = apply(probe('probe_nothing', 1), [x], null);
      return of(x);
    },
  },
];

export async function measureRoofline(): Promise<Roofline> {
  const unknown = { gflops: Number.NaN, gbps: Number.NaN, launchUs: Number.NaN };
  const results = await measure(probes, unknown, {}, () => undefined);
  const [arithmetic, copy, nothing] = results as [CaseResult, CaseResult, CaseResult];
  return { gflops: arithmetic.gflops, gbps: copy.gbps, launchUs: (1000 * nothing.medianMs) / LAUNCHES };
}
