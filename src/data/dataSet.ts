// What every data set is: known factors, and examples that are drawn on the GPU from their numbers. `train` takes any of
// them as it is. The seam is that of disentanglement_lib's GroundTruthData: sets that are drawn and sets out of files look
// alike, so all scores and studies run on both.

import { assign, constant, type Executor, reshape, sizeOf, type Tensor, variable, withProgram } from '../engine';
import type { FactorSpace } from './factors';

/** A data set whose factors are known. */
export interface DataSet {
  readonly name: string;
  readonly factors: FactorSpace;
  /** Of one example: [height, width, channels] of an image with values in 0 ... 1, or [numbers]. */
  readonly shape: readonly number[];
  /** Values are any real numbers, not 0 ... 1: a Bernoulli likelihood of them has no upper bound. */
  readonly real?: true;
  /** Number of examples. */
  readonly count: number;
  /** Examples [R, batch, product of `shape`] of the numbers `indices`, u32 [R, batch], drawn in the graph. */
  batch(indices: Tensor): Tensor;
  /** The combination of factor values that example `index` shows; where this is absent, it has the same number. */
  combinationOf?(index: number): number;
  /** Variables that `batch` reads, if any: restored when a GPU is lost. */
  readonly stored?: readonly Tensor[];
  /** Uploads what `batch` reads, once for each executor; absent where nothing is stored. */
  open?(executor: Executor): Promise<void>;
}

/** Numbers in one example. */
export const widthOf = ({ shape }: Pick<DataSet, 'shape'>): number => sizeOf(shape);

/** Draws all examples, once, into a variable [count, numbers]: for sets that are small enough. */
export async function drawAll(executor: Executor, data: DataSet): Promise<Tensor> {
  const examples = variable(data.name, [data.count, widthOf(data)]);
  const indices = constant(
    Uint32Array.from({ length: data.count }, (_, i) => i),
    [1, data.count],
  );
  await data.open?.(executor);
  const drawn = reshape(data.batch(indices), examples.shape);
  await withProgram(executor, { outputs: {}, updates: [assign(examples, drawn)] }, (program) => program.run());
  return examples;
}
