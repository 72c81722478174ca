// How many other points are within reach of every point in one variable, or in two at once, given everyone's K nearest
// points. REACH 0: strictly nearer than the K-th; 1: the same or at the same place; 2: in each variable no farther than the
// farthest of the K there. Only subtraction, abs, max and comparison: the counts are exact on every adapter, and the
// comparison itself is strict (eps minus something small would be eps again in f32). A thread computes one point.
// uses lib/grid
// uses lib/points

override K: u32 = 5;
override D: u32 = 2;
override A: u32 = 1;  // coordinates of the first variable counted
override B: u32 = 0;  // of the second; 0 for none
override REACH: u32 = 0;

struct Sizes { first: u32, end: u32, points: u32, stride: u32, rows: u32, a: u32, b: u32, column: u32, columns: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> fours: array<vec4f>;
@group(0) @binding(2) var<storage, read> coordinates: array<f32>;  // the same memory
@group(0) @binding(3) var<storage, read> neighbours: array<u32>;
@group(0) @binding(4) var<storage, read_write> counts: array<u32>;

// The distance to another point over `dimensions` coordinates from row `firstRow` on.
fn distanceTo(base: u32, firstRow: u32, dimensions: u32, own: u32, other: u32) -> f32 {
  var largest = 0.0;
  for (var d = 0u; d < dimensions; d++) {
    let row = base + (firstRow + d) * sizes.stride;
    largest = max(largest, abs(coordinates[row + other] - coordinates[row + own]));
  }
  return largest;
}

// The largest distance to one of the K nearest; of those that exist.
fn reachOf(base: u32, firstRow: u32, dimensions: u32, own: u32, at: u32) -> f32 {
  var largest = 0.0;
  for (var j = 0u; j < K; j++) {
    let other = neighbours[at * K + j];
    if (other < sizes.points) { largest = max(largest, distanceTo(base, firstRow, dimensions, own, other)); }
  }
  return largest;
}

fn inReach(d: vec4f, radius: f32) -> vec4<bool> {
  if (REACH == 2u) { return d <= vec4f(radius); }
  if (REACH == 1u) { return (d < vec4f(radius)) | (d == vec4f(0.0)); }
  return d < vec4f(radius);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.end) { return; }
  let own = at % sizes.points;
  let base = (at / sizes.points) * sizes.rows * sizes.stride;
  // Where variables share one radius, it is that of all coordinates.
  let apart = REACH == 2u;
  let radiusA = reachOf(base, select(0u, sizes.a, apart), select(D, A, apart), own, at);
  var radiusB = radiusA;
  if (B > 0u && REACH == 2u) { radiusB = reachOf(base, sizes.b, B, own, at); }
  let entryA = base + sizes.a * sizes.stride;
  let entryB = base + sizes.b * sizes.stride;
  let pointA = ownPoint(entryA + own, A);
  let pointB = ownPoint(entryB + own, max(B, 1u));

  var near = vec4u();
  var index = vec4u(0u, 1u, 2u, 3u);
  for (var four = 0u; four < (sizes.points + 3u) / 4u; four++) {
    var inside = others(own, index) & inReach(distances(entryA / 4u + four, A, pointA), radiusA);
    if (B > 0u) { inside = inside & inReach(distances(entryB / 4u + four, B, pointB), radiusB); }
    near += select(vec4u(), vec4u(1u), inside);
    index += vec4u(4u);
  }
  counts[at * sizes.columns + sizes.column] = near.x + near.y + near.z + near.w;
}
