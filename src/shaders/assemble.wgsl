// The adjoint of patches: image[n, y, x, c] = the sum of every window entry that lies on that pixel, by rows and then
// columns of the kernel. A thread owns one element, so no two threads write one place; `channels` counts elements.
// uses lib/elements by flavour
// uses lib/grid
// uses lib/window

@group(0) @binding(1) var<storage, read> windows: array<Element>;
@group(0) @binding(2) var<storage, read_write> result: array<Element>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let pixel = i / sizes.channels;
  let row = pixel / sizes.width;
  let n = row / sizes.height;
  let channel = i - pixel * sizes.channels;
  let x = pixel - row * sizes.width + sizes.left;
  let y = row - n * sizes.height + sizes.top;
  var total = Element();
  // Only every stride-th row and column of the kernel can lie on this pixel: one window further back each.
  let lastRow = y / sizes.stride;
  let lastColumn = x / sizes.stride;
  var wy = lastRow;
  for (var ky = y - lastRow * sizes.stride; ky < min(sizes.kernelHeight, y + 1u); ky += sizes.stride) {
    var wx = lastColumn;
    for (var kx = x - lastColumn * sizes.stride; kx < min(sizes.kernelWidth, x + 1u); kx += sizes.stride) {
      let inside = wy < sizes.down && wx < sizes.across;
      let tap = ((n * sizes.down + wy) * sizes.across + wx) * sizes.kernelHeight * sizes.kernelWidth + ky * sizes.kernelWidth + kx;
      total += select(Element(), windows[select(0u, tap * sizes.channels + channel, inside)], inside);
      wx -= 1u;
    }
    wy -= 1u;
  }
  result[i] = total;
}
