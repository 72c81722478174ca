// The windows of an image, one row a window: result[n, wy, wx, ky, kx, c] = image[n, wy stride + ky - top,
// wx stride + kx - left, c], and 0 in the border. A thread moves one element; `channels` counts elements.
// uses lib/elements by flavour
// uses lib/grid
// uses lib/window

@group(0) @binding(1) var<storage, read> image: array<Element>;
@group(0) @binding(2) var<storage, read_write> result: array<Element>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  // A division for each digit, and a product for what is left of it: divisions are slow.
  let tap = i / sizes.channels;
  let tapRow = tap / sizes.kernelWidth;
  let window = tapRow / sizes.kernelHeight;
  let windowRow = window / sizes.across;
  let n = windowRow / sizes.down;
  let channel = i - tap * sizes.channels;
  let kx = tap - tapRow * sizes.kernelWidth;
  let ky = tapRow - window * sizes.kernelHeight;
  let wx = window - windowRow * sizes.across;
  let wy = windowRow - n * sizes.down;
  // Left of or above the image these wrap around to huge numbers, which are outside as well.
  let y = wy * sizes.stride + ky - sizes.top;
  let x = wx * sizes.stride + kx - sizes.left;
  let inside = y < sizes.height && x < sizes.width;
  let at = ((n * sizes.height + y) * sizes.width + x) * sizes.channels + channel;
  result[i] = select(Element(), image[select(0u, at, inside)], inside);
}
