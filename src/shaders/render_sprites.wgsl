// The dSprites square, image by image: pixel (column, row) of `side` x `side` is 1 when its centre, seen from the sprite's
// centre, turned by its orientation and divided by its scale, lies within 9.6 of both axes (on a canvas of 64; y points
// down). A sprite is five numbers: scale, cosine and sine of its orientation, centre x and y.
// A thread computes one pixel.
// uses lib/grid

struct Sizes { count: u32, side: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> sprites: array<f32>;
@group(0) @binding(2) var<storage, read_write> pixels: array<f32>;

const HALF_SIDE = 9.6;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = flatIndex(id, groups);
  if (i >= sizes.count) { return; }
  let image = i / (sizes.side * sizes.side);
  let place = i % (sizes.side * sizes.side);
  let sprite = image * 5u;
  let scale = sprites[sprite];
  let cosine = sprites[sprite + 1u];
  let sine = sprites[sprite + 2u];
  let dx = f32(place % sizes.side) + 0.5 - sprites[sprite + 3u];
  let dy = f32(place / sizes.side) + 0.5 - sprites[sprite + 4u];
  let u = (cosine * dx - sine * dy) / scale;
  let v = (sine * dx + cosine * dy) / scale;
  pixels[i] = select(0.0, 1.0, abs(u) <= HALF_SIDE && abs(v) <= HALF_SIDE);
}
