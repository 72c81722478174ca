// How several tensors lie side by side in one flat arena: each begins at a multiple of 64 elements, since WebGPU binds buffers
// at multiples of 256 bytes.

import { type Shape, sizeOf } from '../graph/shape';

const ALIGNMENT = 64;

/** Where parts of these shapes begin in an arena, in elements, and the length of the whole. */
export function arenaLayout(shapes: readonly Shape[]): { offsets: number[]; length: number } {
  const offsets: number[] = [];
  let length = 0;
  for (const shape of shapes) {
    offsets.push(length);
    length += Math.ceil(sizeOf(shape) / ALIGNMENT) * ALIGNMENT;
  }
  return { offsets, length };
}
