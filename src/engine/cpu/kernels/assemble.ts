// The image in which every pixel is the sum of the window entries that lie on it: the twin of assemble.wgsl. A pixel receives at most one
// entry from each place of the kernel, so going through the places in order adds in the kernel's order.

import { add } from './lib/float';

export function assemble(
  parts: usize,
  out: usize,
  images: i32,
  height: i32,
  width: i32,
  channels: i32,
  down: i32,
  across: i32,
  kernelHeight: i32,
  kernelWidth: i32,
  stride: i32,
  top: i32,
  left: i32,
): void {
  const pixel = <usize>channels << 2;
  const window = <usize>(kernelHeight * kernelWidth) * pixel;
  const size = <usize>(height * width) * pixel;
  for (let n = 0; n < images; n++) {
    memory.fill(out, 0, size);
    let place = parts;
    for (let ky = 0; ky < kernelHeight; ky++)
      for (let kx = 0; kx < kernelWidth; kx++) {
        let from = place;
        for (let wy = 0; wy < down; wy++) {
          const y = wy * stride + ky - top;
          if (y < 0 || y >= height) {
            from += <usize>across * window;
            continue;
          }
          for (let wx = 0; wx < across; wx++) {
            const x = wx * stride + kx - left;
            if (x >= 0 && x < width) addTo(out + <usize>(y * width + x) * pixel, from, pixel);
            from += window;
          }
        }
        place += pixel;
      }
    parts += <usize>(down * across) * window;
    out += size;
  }
}

@inline
function addTo(to: usize, from: usize, bytes: usize): void {
  let at: usize = 0;
  for (; at + 16 <= bytes; at += 16) v128.store(to + at, add(v128.load(to + at), v128.load(from + at)));
  for (; at < bytes; at += 4) store<f32>(to + at, load<f32>(to + at) + load<f32>(from + at));
}
