// uses lib/float
//
// A workgroup of 64 threads on one row: what its lanes hold, combined over a tree in workgroup memory. For GPUs, whose loads are
// coalesced when neighbouring lanes read neighbouring entries; on a software adapter barriers are ruinous. The order of a sum is
// that of the tree, so it differs from a walk's in the last bits.

const LANES = 64u;

var<workgroup> lanes: array<f32, LANES>;

fn larger(x: f32, y: f32) -> f32 { return select(x, y, x < y || isNan(y)); }

fn smaller(x: f32, y: f32) -> f32 { return select(x, y, x > y || isNan(y)); }

// Every lane gets the sum.
fn rowSumByTree(value: f32, lane: u32) -> f32 {
  lanes[lane] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { lanes[lane] += lanes[lane + half]; }
    workgroupBarrier();
  }
  let total = lanes[0];
  workgroupBarrier();
  return total;
}

// Every lane gets the largest, NaN where any is.
fn rowLargest(value: f32, lane: u32) -> f32 {
  lanes[lane] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { lanes[lane] = larger(lanes[lane], lanes[lane + half]); }
    workgroupBarrier();
  }
  let largest = lanes[0];
  workgroupBarrier();
  return largest;
}

fn rowSmallest(value: f32, lane: u32) -> f32 {
  lanes[lane] = value;
  workgroupBarrier();
  for (var half = LANES / 2u; half > 0u; half /= 2u) {
    if (lane < half) { lanes[lane] = smaller(lanes[lane], lanes[lane + half]); }
    workgroupBarrier();
  }
  let smallest = lanes[0];
  workgroupBarrier();
  return smallest;
}

// Which row a workgroup has: the plan folds more than 65,535 of them into x and y.
fn rowOf(group: vec3u, groups: vec3u) -> u32 { return group.y * groups.x + group.x; }
