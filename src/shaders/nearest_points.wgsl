// The K nearest other points of every point in the max-norm, nearest first, equal distances by index; many problems at a
// time. With LABELLED the row after the coordinates holds labels, and only points of the same label count; `points` stands
// where there are fewer than K. Differences, maxima and comparisons only: exact on every adapter. A thread computes one point.
// uses lib/grid
// uses lib/points
// uses lib/nearest

override D: u32 = 2;
override LABELLED: u32 = 0;

struct Sizes { first: u32, end: u32, points: u32, stride: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> fours: array<vec4f>;
@group(0) @binding(2) var<storage, read> coordinates: array<f32>;  // the same memory
@group(0) @binding(3) var<storage, read_write> neighbours: array<u32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.end) { return; }
  let own = at % sizes.points;
  let base = (at / sizes.points) * (D + LABELLED) * sizes.stride;
  let point = ownPoint(base + own, D);
  let row = base / 4u;
  let labels = row + D * (sizes.stride / 4u);
  let label = coordinates[base + D * LABELLED * sizes.stride + own];

  var near = nothingNear(sizes.points);
  var index = vec4u(0u, 1u, 2u, 3u);
  for (var four = 0u; four < (sizes.points + 3u) / 4u; four++) {
    var counts = others(own, index);
    if (LABELLED == 1u) { counts = counts & (fours[labels + four] == vec4f(label)); }
    let d = bitcast<vec4u>(distances(row + four, D, point));
    near = meet(near, select(vec4u(FAR_BITS), d, counts), 4u * four);
    index += vec4u(4u);
  }

  let entry = at * K;
  let blocks = array<vec4u, 4>(near.i0, near.i1, near.i2, near.i3);
  for (var j = 0u; j < K; j++) { neighbours[entry + j] = blocks[j / 4u][j % 4u]; }
}
