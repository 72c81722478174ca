// Neighbour counts of the first estimator of Kraskov, Stoegbauer & Grassberger (2004), many problems at a time. For each
// point: eps, the max-norm distance to its k-th nearest other point; then how many other points are strictly nearer than
// eps in the x coordinates alone, and in the y coordinates alone. Only subtraction, abs, max and comparison: the counts
// are exact on every adapter. The comparison itself is strict; eps minus something small would be eps again in f32.
//
// Points are stored coordinate by coordinate, [problems, X + Y, stride], x first. Four reference points are met at a time;
// the first four coordinates of x and of y are kept in registers, since inner loops are slow on a software adapter.
// The k nearest distances so far stay sorted in BLOCKS vec4s (k <= 16). A thread computes one point.
// uses lib/grid
// uses lib/nearest

override X: u32 = 1;
override Y: u32 = 1;

struct Sizes { count: u32, points: u32, stride: u32, k: u32, first: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> points: array<vec4f>;
@group(0) @binding(2) var<storage, read> coordinates: array<f32>;  // the same memory
@group(0) @binding(3) var<storage, read_write> counts: array<vec2u>;

// Max-norm distances from a point to four others over `dimensions` coordinates whose first row begins at vec4 `at`;
// `own` holds the point's first four coordinates, and its entry in the scalar view is at `entry`.
fn distances(at: u32, dimensions: u32, own: vec4f, entry: u32) -> vec4f {
  let row = sizes.stride / 4u;
  var largest = abs(points[at] - own.x);
  if (dimensions > 1u) { largest = max(largest, abs(points[at + row] - own.y)); }
  if (dimensions > 2u) { largest = max(largest, abs(points[at + 2u * row] - own.z)); }
  if (dimensions > 3u) { largest = max(largest, abs(points[at + 3u * row] - own.w)); }
  if (dimensions > 4u) {
    for (var d = 4u; d < dimensions; d++) {
      largest = max(largest, abs(points[at + d * row] - coordinates[entry + d * sizes.stride]));
    }
  }
  return largest;
}

fn firstFour(entry: u32, dimensions: u32) -> vec4f {
  var own = vec4f(coordinates[entry], 0.0, 0.0, 0.0);
  if (dimensions > 1u) { own.y = coordinates[entry + sizes.stride]; }
  if (dimensions > 2u) { own.z = coordinates[entry + 2u * sizes.stride]; }
  if (dimensions > 3u) { own.w = coordinates[entry + 3u * sizes.stride]; }
  return own;
}

// The four points from `index` on that exist and are not the point itself.
fn others(own: u32, index: vec4u) -> vec4<bool> {
  return (index < vec4u(sizes.points)) & (index != vec4u(own));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.count) { return; }
  let own = at % sizes.points;
  let base = (at / sizes.points) * (X + Y) * sizes.stride;
  let entryX = base + own;
  let entryY = entryX + X * sizes.stride;
  let ownX = firstFour(entryX, X);
  let ownY = firstFour(entryY, Y);
  let fours = (sizes.points + 3u) / 4u;
  let baseX = base / 4u;
  let baseY = baseX + X * (sizes.stride / 4u);

  var found = startSearch();
  var index = vec4u(0u, 1u, 2u, 3u);
  for (var four = 0u; four < fours; four++) {
    let x = distances(baseX + four, X, ownX, entryX);
    let d = max(x, distances(baseY + four, Y, ownY, entryY));
    found = meet(found, select(vec4f(FAR), d, others(own, index)), sizes.k);
    index += vec4u(4u);
  }
  let eps = found.eps;

  var nearX = vec4u();
  var nearY = vec4u();
  index = vec4u(0u, 1u, 2u, 3u);
  for (var four = 0u; four < fours; four++) {
    let other = others(own, index);
    let x = distances(baseX + four, X, ownX, entryX) < vec4f(eps);
    let y = distances(baseY + four, Y, ownY, entryY) < vec4f(eps);
    nearX += select(vec4u(), vec4u(1u), x & other);
    nearY += select(vec4u(), vec4u(1u), y & other);
    index += vec4u(4u);
  }
  counts[at] = vec2u(nearX.x + nearX.y + nearX.z + nearX.w, nearY.x + nearY.y + nearY.z + nearY.w);
}
