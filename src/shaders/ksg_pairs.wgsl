// The neighbour counts of KSG1 for pairs of numbers, many problems at a time: for each point eps, the max-norm distance to
// its K-th nearest other point, then how many others are strictly nearer than eps in x alone, and in y alone. A problem is
// four rows: x in ascending order; y in the order of x; the places of those y among all; and y in ascending order.
//
// A thread computes four points that follow each other in the order of x. It walks outwards from them and stops where the
// difference in x alone is no nearer than the K-th distance of any of the four, so it meets a few points instead of all.
// The four share every load; the K nearest stay sorted in K registers, one lane a point, and a point that is met goes in
// by minima and maxima: no branch that depends on the data. The counts are binary searches. Differences, maxima and
// comparisons only: exact on every adapter.
// uses lib/grid
// uses lib/nearestOfFour

struct Sizes { first: u32, end: u32, points: u32, stride: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> values: array<f32>;
@group(0) @binding(2) var<storage, read> fours: array<vec4f>;  // the same memory
@group(0) @binding(3) var<storage, read_write> counts: array<vec2u>;

// How many of the `most` values that follow `place` in ascending order are nearer than eps to the value there.
fn above(row: u32, place: u32, most: u32, eps: f32) -> u32 {
  let value = values[row + place];
  var low = 0u;
  var high = most;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    let near = values[row + place + middle] - value < eps;
    low = select(low, middle, near);
    high = select(middle - 1u, high, near);
  }
  return low;
}

// The same before `place`.
fn below(row: u32, place: u32, most: u32, eps: f32) -> u32 {
  let value = values[row + place];
  var low = 0u;
  var high = most;
  while (low < high) {
    let middle = (low + high + 1u) / 2u;
    let near = value - values[row + place - middle] < eps;
    low = select(low, middle, near);
    high = select(middle - 1u, high, near);
  }
  return low;
}

// The counts of a point: in x only what the walk met can be near.
fn write(at: u32, rowX: u32, own: u32, first: u32, end: u32, eps: f32) {
  let last = sizes.points - 1u;
  if (own > last) { return; }
  let place = u32(values[rowX + 2u * sizes.stride + own]);
  let ascending = rowX + 3u * sizes.stride;
  counts[at] = vec2u(
    above(rowX, own, min(end - 1u, last) - own, eps) + below(rowX, own, own - first, eps),
    above(ascending, place, last - place, eps) + below(ascending, place, place, eps));
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let block = sizes.first + flatIndex(id, groups);
  if (block >= sizes.end) { return; }
  let blocks = (sizes.points + 3u) / 4u;
  let problem = block / blocks;
  let home = block % blocks;
  let blockX = problem * 4u * (sizes.stride / 4u);
  let blockY = blockX + sizes.stride / 4u;
  let x = fours[blockX + home];
  let y = fours[blockY + home];
  // The last block may hold less than four points; what it does not hold asks for nothing.
  let lane = vec4u(0u, 1u, 2u, 3u);
  let exists = vec4u(4u * home) + lane < vec4u(sizes.points);
  let far = vec4f(FAR);
  let nobody = vec4u(FAR_BITS);

  // The points of the block meet each other, and not themselves.
  var near = nothingNear();
  near = meet(near, select(largest(x - x.x, y - y.x), nobody, (lane == vec4u(0u)) | vec4<bool>(!exists.x)));
  near = meet(near, select(largest(x - x.y, y - y.y), nobody, (lane == vec4u(1u)) | vec4<bool>(!exists.y)));
  near = meet(near, select(largest(x - x.z, y - y.z), nobody, (lane == vec4u(2u)) | vec4<bool>(!exists.z)));
  near = meet(near, select(largest(x - x.w, y - y.w), nobody, (lane == vec4u(3u)) | vec4<bool>(!exists.w)));

  var left = home;        // one past the next block to the left
  var right = home + 1u;  // the next to the right
  var toLeft = vec4f(0.0);
  var toRight = vec4f(0.0);
  while (any((min(toLeft, toRight) < kth(near)) & exists)) {
    let l = max(left, 1u) - 1u;
    let r = min(right, blocks - 1u);
    let noLeft = left == 0u;
    let lx = select(fours[blockX + l], -far, noLeft);
    let ly = fours[blockY + l];
    near = meet(near, largest(x - lx.w, y - ly.w));
    near = meet(near, largest(x - lx.z, y - ly.z));
    near = meet(near, largest(x - lx.y, y - ly.y));
    near = meet(near, largest(x - lx.x, y - ly.x));
    let rx = select(far, fours[blockX + r], vec4u(4u * right) + lane < vec4u(sizes.points));
    let ry = fours[blockY + r];
    near = meet(near, largest(rx.x - x, y - ry.x));
    near = meet(near, largest(rx.y - x, y - ry.y));
    near = meet(near, largest(rx.z - x, y - ry.z));
    near = meet(near, largest(rx.w - x, y - ry.w));
    // All farther ones are farther in x than the last of these.
    toLeft = x - lx.x;
    toRight = rx.w - x;
    left = l;
    right = right + 1u;
  }

  var eps = kth(near);
  let rowX = 4u * blockX;
  let own = 4u * home;
  let at = problem * sizes.points + own;
  for (var l = 0u; l < 4u; l++) {
    write(at + l, rowX, own + l, 4u * left, 4u * right, eps.x);
    eps = vec4f(eps.yzw, 0.0);
  }
}
