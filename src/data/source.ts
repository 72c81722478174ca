// Stored examples in the form that `train` takes them: a batch of indices in, examples out, on the GPU.

import { gatherRows, type Tensor } from '../engine';

/** Examples that lie in a variable [examples, numbers]. */
export const stored = (examples: Tensor) => ({
  count: examples.shape[0],
  /** Examples [R, batch, numbers] of the given indices, u32 [R, batch]. */
  batch: (indices: Tensor): Tensor => gatherRows(examples, indices),
  /** What `batch` reads. */
  stored: [examples],
});
