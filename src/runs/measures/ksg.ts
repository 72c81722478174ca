// A cross-check that knows nothing of the model: KSG1 on one sample of every example, I(z_i; mean_i(x)), a lower bound of I_i, and
// I(z_i; z_j) of all pairs.

import type { Executor } from '../../engine';
import { type BatchProblem, estimateBatch } from '../../metrics/information/estimateBatch';
import type { TrainedReplica } from '../trained';

export interface KsgMeasure {
  readonly meanInformation: number[];
  readonly pairs: number[][];
  readonly ceiling: number;
}

const K = 5;

export async function ksg(executor: Executor, { samples, means }: TrainedReplica): Promise<KsgMeasure> {
  const [z, centre] = [samples, means].map((columns) => columns.map((values) => Float32Array.from(values)));
  // A latent whose mean is the same for every example knows nothing, exactly; there is nothing to estimate.
  const isConstant = (values: Float32Array): boolean => values.every((value) => value === values[0]);
  const problems: BatchProblem[] = z.map((values, i) => ({
    variables: [[values], [isConstant(centre[i]) ? values : centre[i]]],
  }));
  const pairs = z.flatMap((_, i) => z.slice(0, i).map((__, j) => [i, j] as const));
  for (const [i, j] of pairs) problems.push({ variables: [[z[i]], [z[j]]] });
  const results = await estimateBatch(executor, 'ksg1', problems, { k: K });
  const matrix = z.map(() => z.map(() => 0));
  for (const [p, [i, j]] of pairs.entries()) {
    const { nats } = results[z.length + p];
    matrix[i][j] = nats;
    matrix[j][i] = nats;
  }
  return {
    meanInformation: centre.map((mean, i) => (isConstant(mean) ? 0 : results[i].nats)),
    pairs: matrix,
    ceiling: results[0].ceiling,
  };
}
