// Convolutions against their definition, written out as sums over positions.

import { expect, test } from 'vitest';
import { constant, convolve, convolveTransposed, ReferenceDevice, type Tensor } from '../../src/engine';
import { numbers } from '../cases/ops';

const KERNEL = 4;
const STRIDE = 2;
const PADDING = 1;
const window = { kernel: [KERNEL, KERNEL], stride: STRIDE, padding: PADDING } as const;

async function values(tensor: Tensor): Promise<Float32Array> {
  using device = new ReferenceDevice();
  const program = await device.compile({ outputs: { tensor } });
  await program.run();
  return program.read('tensor');
}

test('a convolution is the sum over the window', async () => {
  const [side, inner, outer] = [6, 2, 3];
  const x = numbers(side * side * inner);
  const w = numbers(KERNEL * KERNEL * inner * outer);
  const b = numbers(outer);
  const shaped = [
    constant(x, [1, 1, side, side, inner]),
    constant(w, [1, w.length / outer, outer]),
    constant(b, [1, outer]),
  ];
  const y = await values(convolve(shaped[0], shaped[1], shaped[2], window));
  for (let oy = 0; oy < 3; oy++)
    for (let ox = 0; ox < 3; ox++)
      for (let o = 0; o < outer; o++) {
        let total = b[o];
        for (let ky = 0; ky < KERNEL; ky++)
          for (let kx = 0; kx < KERNEL; kx++)
            for (let c = 0; c < inner; c++) {
              const [iy, ix] = [oy * STRIDE + ky - PADDING, ox * STRIDE + kx - PADDING];
              if (iy < 0 || ix < 0 || iy >= side || ix >= side) continue;
              total += x[(iy * side + ix) * inner + c] * w[((ky * KERNEL + kx) * inner + c) * outer + o];
            }
        expect(y[(oy * 3 + ox) * outer + o]).toBeCloseTo(total, 4);
      }
});

test('a transposed convolution spreads every pixel over its window', async () => {
  const [side, inner, outer, big] = [3, 2, 3, 6];
  const x = numbers(side * side * inner);
  const w = numbers(inner * KERNEL * KERNEL * outer);
  const b = numbers(outer);
  const expected = Float64Array.from({ length: big * big * outer }, (_, i) => b[i % outer]);
  for (let iy = 0; iy < side; iy++)
    for (let ix = 0; ix < side; ix++)
      for (let ky = 0; ky < KERNEL; ky++)
        for (let kx = 0; kx < KERNEL; kx++) {
          const [oy, ox] = [iy * STRIDE + ky - PADDING, ix * STRIDE + kx - PADDING];
          if (oy < 0 || ox < 0 || oy >= big || ox >= big) continue;
          for (let c = 0; c < inner; c++)
            for (let o = 0; o < outer; o++) {
              const weight = w[c * KERNEL * KERNEL * outer + (ky * KERNEL + kx) * outer + o];
              expected[(oy * big + ox) * outer + o] += x[(iy * side + ix) * inner + c] * weight;
            }
        }
  const shaped = [
    constant(x, [1, 1, side, side, inner]),
    constant(w, [1, inner, w.length / inner]),
    constant(b, [1, outer]),
  ];
  const y = await values(convolveTransposed(shaped[0], shaped[1], shaped[2], window));
  expect(y.length).toBe(expected.length);
  for (const [i, value] of expected.entries()) expect(y[i]).toBeCloseTo(value, 4);
});
