// Examples of a data set by the reference executor.

import type { DataSet } from '../../src/data';
import { constant, ReferenceDevice } from '../../src/engine';

/** Examples of a set, [index][numbers]. */
export async function draw(data: DataSet, indices: readonly number[]): Promise<Float32Array[]> {
  using device = new ReferenceDevice();
  await data.open?.(device);
  const program = await device.compile({
    outputs: { x: data.batch(constant(Uint32Array.from(indices), [1, indices.length])) },
  });
  await program.run();
  const values = await program.read('x');
  const width = values.length / indices.length;
  return indices.map((_, i) => values.subarray(i * width, (i + 1) * width));
}
