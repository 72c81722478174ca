import { Device } from '../../../src/engine';
import { type BatchProblem, type EstimatorName, estimateBatch, permutationTestOfPairs } from '../../../src/metrics';
import { Draw } from '../../../src/metrics/information/draw';

/** The estimate, nats, of each problem by its estimator. */
export async function estimates(
  requests: readonly {
    readonly name: EstimatorName;
    readonly problem: BatchProblem;
    readonly k: number;
    readonly standardise?: boolean;
  }[],
): Promise<number[]> {
  using device = await Device.open();
  const found: number[] = [];
  for (const { name, problem, k, standardise = true } of requests)
    found.push((await estimateBatch(device, name, [problem], { k, standardise }))[0].nats);
  return found;
}

/** A permutation test of two columns, twice on one device: what it found, and the milliseconds each took. */
export async function permutations({ x, y, surrogates }: { x: number[]; y: number[]; surrogates: number }) {
  using device = await Device.open();
  const ms: number[] = [];
  const found: { nats: number; pValue: number }[] = [];
  for (let run = 0; run < 2; run++) {
    const begin = performance.now();
    const { nats, pValue } = await permutationTestOfPairs(device, x, y, { surrogates, draw: new Draw(1, 1) });
    ms.push(performance.now() - begin);
    found.push({ nats, pValue });
  }
  return { found, ms };
}
