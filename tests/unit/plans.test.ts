// Every plan of every network, for both kinds of adapter: forward and gradients, batches of 1 to 512. What design asks of a plan is
// checked on the plan itself, without a GPU.

import { expect, test } from 'vitest';
import {
  bernoulliNegativeLogLikelihood,
  type Dispatch,
  gradient,
  matmul,
  type Plan,
  patches,
  randomNormal,
  scatterRows,
  sizeOf,
  sum,
  type Tensor,
  type Tuning,
  variable,
} from '../../src/engine';
import { checkLimits } from '../../src/engine/device/compile';
import { operationsPerDispatch, SOFTWARE } from '../../src/engine/graph/dispatch';
import { plansOf } from '../../src/engine/graph/footprint';
import { schedule } from '../../src/engine/graph/schedule';
import { labelOfOp, rootOf } from '../../src/engine/graph/tensor';
import { chooseVariant, slicesOf } from '../../src/engine/ops/matmulPlan';
import { reductionPasses } from '../../src/engine/ops/passes';
import { posteriorNamed, type VaeOptions, vae } from '../../src/models';
import { kernelSource } from '../../src/shaders/kernel';

const GPU: Tuning = { ...SOFTWARE, software: false };
const tunings: Record<string, Tuning> = { software: SOFTWARE, GPU, 'GPU with subgroups': { ...GPU, subgroups: true } };

type Options = Omit<VaeOptions, 'replicas' | 'posterior'>;

const networks: Record<string, Options> = {
  mlp: { input: 256, hidden: [64, 64] },
  linear: { input: 100 },
  'burgess 64': { input: 4096, convolutional: { network: 'burgess', side: 64, channels: 1 } },
  'burgess 32': { input: 1024, convolutional: { network: 'burgess', side: 32, channels: 1 } },
  'locatello 64': { input: 12288, convolutional: { network: 'locatello', side: 64, channels: 3 } },
  split: { input: 256, hidden: [64], split: 8 },
};

/** The loss of a beta-VAE on a batch, and all its gradients. */
function planned(options: Options, replicas: number, batch: number, tuning: Tuning): Map<Tensor, Plan> {
  const model = vae({ ...options, replicas, posterior: posteriorNamed('full', 6, replicas) });
  const x = variable('x', [replicas, batch, options.input]);
  const seeds = variable('seeds', [replicas], 'u32');
  const packed = model.encode(x);
  const z = model.posterior.sample(packed, { seeds, step: variable('step', [1], 'u32') });
  const terms = [model.likelihood.nll(model.decode(z), x), model.posterior.kl(packed)];
  const loss = sum(terms[0]);
  const outputs = Object.fromEntries(
    gradient(loss, model.parameters.tensors).map((each, i) => [`d${i}`, each] as const),
  );
  return plansOf(schedule({ outputs: { ...outputs, kl: sum(terms[1]) } }), tuning);
}

/** Threads of a workgroup, as the kernel's text and constants say. */
function groupOf({ kernel, flavour, constants = {} }: Dispatch): number {
  const [, size] = /@workgroup_size\(([^)]*)\)/.exec(kernelSource(kernel, flavour)) ?? [];
  return size.split(',').reduce((threads, part) => threads * (constants[part.trim()] ?? Number(part)), 1);
}

const threadsOf = (dispatches: readonly Dispatch[]): number =>
  Math.max(...dispatches.map((each) => groupOf(each) * sizeOf(each.workgroups)));

/**
 * Whether an op has so much to do that a GPU should be full of it: 16 million operations of a product, or a quarter of a million
 * numbers to read. Below that, a second pass costs as much as it saves.
 */
function isMuch({ source, inputs, shape }: Tensor): boolean {
  const read = inputs.reduce((total, each) => total + sizeOf(each.shape), sizeOf(shape));
  if (source.kind !== 'operation' || source.operation.name !== 'matmul') return read >= 2 ** 18;
  const [a, b] = inputs.map((each) => each.shape);
  const { transposeA } = source.operation.options as { transposeA?: boolean };
  const depth = transposeA ? a[1] : a[2];
  const m = transposeA ? a[2] : a[1];
  const n = sizeOf(b) / b[0] / depth;
  return 2 * Math.max(a[0], b[0]) * m * n * depth >= 2 ** 24;
}

const combinations = Object.keys(networks).flatMap((network) =>
  [1, 3, 64, 512].flatMap((batch) => Object.keys(tunings).map((kind) => [network, batch, kind] as const)),
);

test.each(combinations)(
  '%s, batch %d, %s: within limits, enough workgroups, no idle adapter',
  (network, batch, kind) => {
    const tuning = tunings[kind];
    for (const replicas of [1, 12]) {
      for (const [owner, { dispatches }] of planned(networks[network], replicas, batch, tuning)) {
        const op = `${labelOfOp(owner)} of ${replicas}`;
        for (const dispatch of dispatches) {
          checkLimits(op, dispatch);
          if (!tuning.software) expect(groupOf(dispatch), `${op}: a workgroup`).toBeGreaterThanOrEqual(32);
        }
        // What is worth sharing is shared by enough threads to keep a GPU busy, in one of the passes.
        if (!tuning.software && isMuch(owner))
          expect(threadsOf(dispatches), `${op}: threads`).toBeGreaterThanOrEqual(100 * 64);
      }
    }
  },
);

/** What is left of a graph's plan when it is cut: the dispatches of its last op. */
function dispatchesOf(output: Tensor, tuning: Tuning): readonly Dispatch[] {
  const plan = plansOf(schedule({ outputs: { output } }), tuning).get(rootOf(output).root);
  return plan?.dispatches ?? [];
}

const ask = (name: string, shape: number[], dtype?: 'u32') => variable(name, shape, dtype);

test.each([
  ['many rows', () => matmul(ask('a', [1, 4 * 65_536 * 16, 4]), ask('b', [1, 4, 4]))],
  ['many columns', () => matmul(ask('a', [1, 4, 4]), ask('b', [1, 4, 65_536 * 64]))],
  ['many replicas', () => matmul(ask('a', [70_000, 4, 4]), ask('b', [70_000, 4, 4]))],
  ['a large population', () => matmul(ask('a', [64, 64, 1024]), ask('b', [64, 1024, 1024]))],
  ['few rows of a huge product', () => matmul(ask('a', [1, 16, 8192]), ask('b', [1, 8192, 8192]))],
  ['many rows of pixels', () => bernoulliNegativeLogLikelihood(ask('l', [2_000_000, 4]), ask('x', [2_000_000, 4]))],
  ['many scattered indices', () => scatterRows(ask('v', [2 ** 20, 4]), ask('i', [2 ** 20], 'u32'), 2 ** 16)],
  ['many draws', () => randomNormal({ seeds: ask('s', [64], 'u32'), step: ask('t', [1], 'u32') }, 1, [2 ** 20])],
  ['a long sum', () => sum(ask('x', [8192, 8192]), [0])],
  ['many patches', () => patches(ask('x', [256, 64, 64, 4]), { kernel: [4, 4], stride: 1 })],
])('%s are cut into dispatches within the limits, none over a tenth of a second', (_, build) => {
  for (const tuning of Object.values(tunings)) {
    const dispatches = dispatchesOf(build(), tuning);
    for (const each of dispatches) checkLimits('cut', each);
    if (tuning.software) expect(dispatches.length).toBeGreaterThan(1);
  }
});

test('what is beyond the limits is refused by the name of its op, before the GPU sees it', () => {
  const [dispatch] = dispatchesOf(matmul(ask('a', [1, 4, 4]), ask('b', [1, 4, 4])), SOFTWARE);
  expect(() => checkLimits('matmul [1, 4, 4]', { ...dispatch, workgroups: [1, 65_536, 1] })).toThrow(
    /^matmul \[1, 4, 4\]: kernel matmul_4x4\/vector is planned for 1 x 65536 x 1 workgroups/,
  );
  expect(() => checkLimits('x', { ...dispatch, sizes: new Array(65).fill(0) })).toThrow(/65 words of sizes/);
  expect(() => checkLimits('x', { ...dispatch, workgroups: [1, 0.5, 1] })).toThrow(/whole number/);
});

test('no dispatch is planned for longer than a tenth of a second, where it can be cut', () => {
  for (const tuning of Object.values(tunings)) expect(operationsPerDispatch(tuning)).toBeGreaterThan(0);
  expect(operationsPerDispatch(GPU) / operationsPerDispatch(SOFTWARE)).toBe(1000);
});

test("how a replica's sums are cut does not depend on how many replicas are beside it", () => {
  const cuts = (replicas: number, tuning: Tuning) => [
    reductionPasses({ outer: replicas * 64, length: 1000, inner: 1 }, tuning).map(({ chunk }) => chunk),
    reductionPasses({ outer: replicas, length: 4096, inner: 64 }, tuning).map(({ chunk }) => chunk),
    [chooseVariant({ batches: replicas, m: 64, n: 64, k: 4096 }, tuning) === 'gpu-split'],
    [slicesOf('gpu-split', { batches: replicas, m: 64, n: 64, k: 4096 })],
  ];
  for (const tuning of Object.values(tunings))
    for (const replicas of [4, 8, 12, 50]) expect(cuts(replicas, tuning)).toEqual(cuts(1, tuning));
});
