// The packed posteriors of a matrix of examples, as the model's graph gives them.

import { type Executor, reshape, type Tensor } from '../../src/engine';
import type { Vae } from '../../src/models';

/** [R, examples, width], row-major. */
export async function packedOf(executor: Executor, model: Vae, examples: Tensor): Promise<Float32Array> {
  const { packed } = await executor.evaluate({ packed: model.encode(reshape(examples, [1, ...examples.shape])) });
  return packed as Float32Array;
}
