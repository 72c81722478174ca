// Sprites of dSprites, image by image: pixel (column, row) of `side` x `side` is 1 when its centre lies in the shape, seen
// from the sprite's centre, turned by its orientation and divided by its scale (on a canvas of 64; y points down). A sprite
// is six numbers: shape (0 square, 1 ellipse, 2 heart, 3 disc), scale, cosine and sine of its orientation, centre x and y.
// The heart is a polygon by the even-odd rule; an edge of it is (y of the first end, y of the second, x of the first, dx/dy).
// A thread computes one pixel.
// uses lib/grid

struct Sizes { first: u32, end: u32, side: u32, edges: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> sprites: array<f32>;
@group(0) @binding(2) var<storage, read> outline: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> pixels: array<f32>;

const HALF_SIDE = 9.6;
const SEMI_AXES = vec2f(12.8, 7.2);
const RADIUS_SQUARED = 100.0;
const HEART_BOX = 10.0;

fn inHeart(u: f32, v: f32) -> bool {
  if (max(abs(u), abs(v)) > HEART_BOX) { return false; }
  var inside = false;
  for (var e = 0u; e < sizes.edges; e++) {
    let edge = outline[e];
    let crosses = (edge.x > v) != (edge.y > v) && u < edge.z + (v - edge.x) * edge.w;
    inside = inside != crosses;
  }
  return inside;
}

fn inShape(shape: f32, u: f32, v: f32) -> bool {
  if (shape < 0.5) { return abs(u) <= HALF_SIDE && abs(v) <= HALF_SIDE; }
  if (shape < 1.5) {
    let a = u / SEMI_AXES.x;
    let b = v / SEMI_AXES.y;
    return a * a + b * b <= 1.0;
  }
  if (shape < 2.5) { return inHeart(u, v); }
  return u * u + v * v <= RADIUS_SQUARED;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let image = i / (sizes.side * sizes.side);
  let place = i % (sizes.side * sizes.side);
  let sprite = image * 6u;
  let scale = sprites[sprite + 1u];
  let cosine = sprites[sprite + 2u];
  let sine = sprites[sprite + 3u];
  let dx = f32(place % sizes.side) + 0.5 - sprites[sprite + 4u];
  let dy = f32(place / sizes.side) + 0.5 - sprites[sprite + 5u];
  let u = (cosine * dx - sine * dy) / scale;
  let v = (sine * dx + cosine * dy) / scale;
  pixels[i] = select(0.0, 1.0, inShape(sprites[sprite], u, v));
}
