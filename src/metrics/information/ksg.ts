// Mutual information from samples, model-free: the first estimator of Kraskov, Stoegbauer & Grassberger (2004),
//   I(X; Y) = psi(k) + psi(N) - < psi(n_x + 1) + psi(n_y + 1) >,
// max-norm, self excluded, strictly nearer. Never clipped at 0: a clipped estimate cannot be averaged or tested.

import { constant, type Executor, InputError } from '../../engine';
import { digammaTable } from './digamma';
import { checkNeighbours, ksgCounts } from './ksgCounts';

/** Samples of X and Y side by side: each variable is a list of coordinates, each coordinate a list of n numbers. */
export interface PairedSamples {
  readonly x: readonly ArrayLike<number>[];
  readonly y: readonly ArrayLike<number>[];
}

export interface KsgResult {
  /** Estimated I(X; Y), nats. */
  readonly nats: number;
  /** The contribution of every sample; their mean is `nats`. */
  readonly local: Float64Array;
  /** The largest value these n and k can give: psi(n) - psi(k) - 1/k. */
  readonly ceiling: number;
}

/**
 * KSG1 for several problems of one size at a time. Coordinates are z-scored. Throws InputError for fewer than k + 1
 * samples, k outside 1 ... 16, a coordinate that is constant or not finite, or problems of different sizes.
 */
export async function ksg1(executor: Executor, problems: readonly PairedSamples[], k = 5): Promise<KsgResult[]> {
  const points = problems[0].x[0].length;
  const split = problems[0].x.length;
  const dimensions = split + problems[0].y.length;
  checkNeighbours(points, k);
  const stride = Math.ceil(points / 4) * 4;
  const data = new Float32Array(problems.length * dimensions * stride);
  for (const [p, { x, y }] of problems.entries()) {
    if (x.length !== split || x.length + y.length !== dimensions)
      throw new InputError(`problem ${p} has other dimensions than problem 0`);
    for (const [d, coordinate] of [...x, ...y].entries()) {
      if (coordinate.length !== points)
        throw new InputError(`problem ${p}: coordinate ${d} has ${coordinate.length} samples, not ${points}`);
      data.set(standardised(coordinate, `problem ${p}, coordinate ${d}`), (p * dimensions + d) * stride);
    }
  }
  const counts = ksgCounts(constant(data, [problems.length, dimensions, stride]), { points, split, k });
  using program = await executor.compile({ outputs: { counts } });
  await program.run();
  const values = await program.readIntegers('counts');
  const psi = digammaTable(points + 1);
  return problems.map((_, p) => {
    const local = Float64Array.from({ length: points }, (_, i) => {
      const at = 2 * (p * points + i);
      return psi[k] + psi[points] - psi[values[at] + 1] - psi[values[at + 1] + 1];
    });
    const nats = local.reduce((total, value) => total + value, 0) / points;
    return { nats, local, ceiling: psi[points] - psi[k] - 1 / k };
  });
}

/** (value - mean) / standard deviation, in f64 and then rounded. Throws InputError naming a value that is not finite. */
export function standardised(values: ArrayLike<number>, name: string): Float32Array {
  let mean = 0;
  for (let i = 0; i < values.length; i++) {
    if (!Number.isFinite(values[i])) throw new InputError(`${name}: sample ${i} is ${values[i]}`);
    mean += values[i] / values.length;
  }
  let variance = 0;
  for (let i = 0; i < values.length; i++) variance += (values[i] - mean) ** 2 / values.length;
  if (!(variance > 0)) throw new InputError(`${name} is constant: it carries no information`);
  const deviation = Math.sqrt(variance);
  return Float32Array.from({ length: values.length }, (_, i) => (values[i] - mean) / deviation);
}
