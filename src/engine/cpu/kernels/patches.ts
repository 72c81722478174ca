// The windows that a convolution looks at, one row a window, zeros in the border: the twin of patches.wgsl. A row of the kernel is a
// run of the image, unless it crosses the border.

export function patches(
  image: usize,
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
  for (let n = 0; n < images; n++) {
    for (let wy = 0; wy < down; wy++)
      for (let wx = 0; wx < across; wx++) {
        const x = wx * stride - left;
        const before = min(kernelWidth, max(0, -x));
        const after = min(kernelWidth, max(before, width - x));
        for (let ky = 0; ky < kernelHeight; ky++) {
          const y = wy * stride + ky - top;
          const isInside = y >= 0 && y < height;
          const from = isInside ? before : kernelWidth;
          const to = isInside ? after : kernelWidth;
          out = zeros(out, <usize>from * pixel);
          out = copied(image + <usize>(y * width + x + from) * pixel, out, <usize>(to - from) * pixel);
          out = zeros(out, <usize>(kernelWidth - to) * pixel);
        }
      }
    image += <usize>(height * width) * pixel;
  }
}

@inline
function zeros(out: usize, bytes: usize): usize {
  for (const end = out + bytes; out < end; out += 4) store<f32>(out, 0);
  return out;
}

@inline
function copied(from: usize, out: usize, bytes: usize): usize {
  const end = out + bytes;
  for (; out + 16 <= end; out += 16) {
    v128.store(out, v128.load(from));
    from += 16;
  }
  for (; out < end; out += 4) {
    store<f32>(out, load<f32>(from));
    from += 4;
  }
  return out;
}
