// Shrinks images by the mean of factor x factor squares, added row by row: [images, side, side] gives
// [images, side/factor, side/factor]. A thread computes one pixel of the result.
// uses lib/grid

struct Sizes { first: u32, end: u32, side: u32, factor: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> pixels: array<f32>;
@group(0) @binding(2) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let small = sizes.side / sizes.factor;
  let corner = (i / small) * sizes.factor * sizes.side + (i % small) * sizes.factor;
  var total = 0.0;
  for (var y = 0u; y < sizes.factor; y++) {
    for (var x = 0u; x < sizes.factor; x++) {
      total += pixels[corner + y * sizes.side + x];
    }
  }
  result[i] = total / f32(sizes.factor * sizes.factor);
}
