// Which kernel wins, measured on the present adapter: every exact variant of every product that the quick study and the
// benchmarks make, in interleaved rounds. A variant that is not 5 % faster than the plan's own choice is not worth a rule.

import { Device, matmul, type Winners } from '../src/engine';
import { tuningKey } from '../src/engine/ops/matmul';
import { chooseVariant, exactVariants, isForGpu, type MatmulCall, type Variant } from '../src/engine/ops/matmulPlan';
import { type BenchCase, of } from './case';
import { floats } from './data';
import { measure } from './measure';

const WORTH_IT = 1.05;

type Shape = readonly [number, number, number, number];

/** The dense layers of the quick study: inputs and outputs of a layer, for batches of 64. */
const layers = [
  [256, 64],
  [64, 64],
  [64, 28],
  [6, 64],
  [64, 256],
] as const;

/** Forward, gradient of the input and gradient of the weights of each layer, for one replica and for twelve; and squares. */
const products: readonly (readonly [Shape, 'nn' | 'nt' | 'tn'])[] = [
  ...[1, 12].flatMap((replicas) =>
    layers.flatMap(([input, output]) => [
      [[replicas, 64, output, input], 'nn'] as const,
      [[replicas, 64, input, output], 'nt'] as const,
      [[replicas, input, output, 64], 'tn'] as const,
    ]),
  ),
  ...([128, 256, 512, 1024] as const).map((n) => [[1, n, n, n], 'nn'] as const),
];

const callOf = ([batches, m, n, k]: Shape, kind: 'nn' | 'nt' | 'tn'): MatmulCall => ({
  ...{ batches, m, n, k, epilogue: { bias: false, relu: false, mask: false }, strideA: m * k, strideB: k * n },
  transposeA: kind === 'tn',
  transposeB: kind === 'nt',
});

function subject(call: MatmulCall, variant: Variant): BenchCase {
  const { batches, m, n, k, transposeA, transposeB } = call;
  const operand = (rows: number, columns: number) => floats([batches, rows, columns]);
  return {
    name: variant,
    shape: [batches, m, n, k],
    flops: 2 * batches * m * n * k,
    bytes: 0,
    build: () =>
      of(
        matmul(transposeA ? operand(k, m) : operand(m, k), transposeB ? operand(n, k) : operand(k, n), {
          transposeA,
          transposeB,
          variant,
        }),
      ),
  };
}

export interface TuningRow {
  readonly problem: string;
  readonly chosen: Variant;
  readonly winner: Variant;
  /** Time of the plan's own choice over that of the winner. */
  readonly gain: number;
}

/** Measures all candidates; `winners` holds only what beats the plan's own choice. */
export async function tune(
  onProgress: (stage: string, share: number) => void,
): Promise<{ winners: Winners; rows: TuningRow[] }> {
  const winners: Record<string, string> = {};
  const rows: TuningRow[] = [];
  using device = await Device.open();
  // Kernels made for GPUs are known to lose by far on a software adapter, and take seconds to compile.
  const candidates = exactVariants.filter((variant) => !isForGpu(variant) || !device.adapter.software);
  for (const [i, [shape, kind]] of products.entries()) {
    const call = callOf(shape, kind);
    onProgress(tuningKey(call), i / products.length);
    const subjects = candidates.map((variant) => subject(call, variant));
    const results = await measure(
      subjects,
      () => Device.open(),
      () => undefined,
    );
    const times = new Map(results.map(({ name, medianMs }) => [name as Variant, medianMs]));
    const chosen = chooseVariant(call, device.adapter);
    const [winner] = [...candidates].sort((a, b) => (times.get(a) ?? 0) - (times.get(b) ?? 0));
    const gain = (times.get(chosen) ?? Number.NaN) / (times.get(winner) ?? Number.NaN);
    rows.push({ problem: tuningKey(call), chosen, winner, gain });
    if (gain > WORTH_IT) winners[tuningKey(call)] = winner;
  }
  return { winners, rows };
}
