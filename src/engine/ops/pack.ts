// Several tensors side by side in one flat arena, each beginning at a multiple of 64 elements (WebGPU binds buffers at
// multiples of 256 bytes). The planner lets inputs be written in place, so packing the gradients costs nothing.

import { ShapeError } from '../errors';
import { copying } from '../graph/copy';
import { input, output } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { type Shape, sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';
import { arenaLayout } from './arenaLayout';

const layoutOf = (parts: readonly { readonly shape: Shape }[]) => arenaLayout(parts.map(({ shape }) => shape));

export const packRule = /* @__PURE__ */ defineOp<null>({
  name: 'pack',
  infer(parts) {
    if (parts.length === 0) throw new ShapeError('pack', 'takes one or more tensors', []);
    return { shape: [layoutOf(parts).length], dtype: 'f32' };
  },
  placement: (parts) => layoutOf(parts).offsets,
  ...copying<null>('pack', (parts) => {
    const { offsets } = layoutOf(parts);
    return parts.map(({ shape }, i) => ({
      from: input(i),
      to: output,
      shape: [sizeOf(shape)],
      strides: [1],
      into: offsets[i],
    }));
  }),
  gradient: { reason: 'an arena is storage; differentiate its parts' },
  reference(parts, result) {
    const { offsets } = layoutOf(parts);
    for (const [i, { data }] of parts.entries()) result.data.set(data, offsets[i]);
  },
});

/** f32 tensors side by side: a flat tensor in which part i begins at `arenaLayout(shapes).offsets[i]`; gaps are undefined. */
export const pack = (parts: readonly Tensor[]): Tensor => apply(packRule, parts, null);
