// The neighbour counts of KSG1 (see ksg_counts) for pairs of numbers, many problems at a time. A problem is three rows:
// x in ascending order, y in the order of x, and y in ascending order. A thread walks outwards from its point in the order
// of x and stops where |x - x'| alone exceeds the k-th distance, so it meets a few points instead of all; the counts are
// binary searches. Strict comparisons of differences, exact on every adapter. A thread computes one point.
// uses lib/grid
// uses lib/nearest

struct Sizes { end: u32, points: u32, stride: u32, k: u32, first: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> fours: array<vec4f>;  // the same memory
@group(0) @binding(3) var<storage, read_write> counts: array<vec2u>;

// How many of the values after `place` in ascending order are nearer than eps to `value`.
fn above(row: u32, place: u32, value: f32, eps: f32) -> u32 {
  var low = 0u;
  var high = sizes.points - 1u - place;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    let near = values[row + place + middle] - value < eps;
    low = select(low, middle, near);
    high = select(middle - 1u, high, near);
  }
  return low;
}

// The same before `place`.
fn below(row: u32, place: u32, value: f32, eps: f32) -> u32 {
  var low = 0u;
  var high = place;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    let near = value - values[row + place - middle] < eps;
    low = select(low, middle, near);
    high = select(middle - 1u, high, near);
  }
  return low;
}

// The first place of a sorted row that holds `value`.
fn placeOf(row: u32, value: f32) -> u32 {
  var low = 0u;
  var high = sizes.points;
  while (low < high) {
    let middle = (low + high) / 2u;
    let before = values[row + middle] < value;
    low = select(low, middle + 1u, before);
    high = select(middle, high, before);
  }
  return min(low, sizes.points - 1u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let at = sizes.first + flatIndex(id, groups);
  if (at >= sizes.end) { return; }
  let own = at % sizes.points;
  let rowX = at / sizes.points * 3u * sizes.stride;
  let rowY = rowX + sizes.stride;
  let x = values[rowX + own];
  let y = values[rowY + own];
  let blockX = rowX / 4u;
  let blockY = rowY / 4u;
  let blocks = (sizes.points + 3u) / 4u;
  let home = own / 4u;

  let lanes = vec4u(0u, 1u, 2u, 3u);
  var index = 4u * home + lanes;
  var d = max(abs(fours[blockX + home] - x), abs(fours[blockY + home] - y));
  var found = meet(startSearch(), select(vec4f(FAR), d, (index < vec4u(sizes.points)) & (index != vec4u(own))), sizes.k);
  var left = home;        // one past the next block to the left
  var right = home + 1u;  // the next to the right
  var toLeft = 0.0;
  var toRight = 0.0;
  while (min(toLeft, toRight) < found.eps) {
    let l = max(left, 1u) - 1u;
    let r = min(right, blocks - 1u);
    let lefts = fours[blockX + l];
    let rights = fours[blockX + r];
    // In a block the nearest in x is the last on the left and the first on the right.
    toLeft = select(x - lefts.w, FAR, left == 0u);
    toRight = select(rights.x - x, FAR, right >= blocks);
    d = max(x - lefts, abs(fours[blockY + l] - y));
    found = meet(found, select(d, vec4f(FAR), left == 0u), sizes.k);
    index = 4u * right + lanes;
    d = max(rights - x, abs(fours[blockY + r] - y));
    found = meet(found, select(vec4f(FAR), d, index < vec4u(sizes.points)), sizes.k);
    left = l;
    right = right + 1u;
  }

  let eps = found.eps;
  let place = placeOf(rowY + sizes.stride, y);
  counts[at] = vec2u(
    above(rowX, own, x, eps) + below(rowX, own, x, eps),
    above(rowY + sizes.stride, place, y, eps) + below(rowY + sizes.stride, place, y, eps));
}
