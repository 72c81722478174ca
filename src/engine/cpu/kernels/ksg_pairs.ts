// The counts of KSG1 for pairs of numbers, of problems laid out as rows: x ascending, y in that order, the places of those y, y
// ascending. The twin of ksg_pairs.wgsl. Neighbours are looked for outwards from a point in x until x alone is too far; counts are
// places in the sorted rows, since rounding keeps the order of differences.

const NEAREST = memory.data(16 * 4, 16);

@inline
function at(row: usize, i: i32): f32 {
  return load<f32>(row + (<usize>i << 2));
}

/** Keeps the k smallest, ascending. */
@inline
function insert(d: f32, k: i32): void {
  let place = k - 1;
  for (; place > 0 && load<f32>(NEAREST + (<usize>(place - 1) << 2)) > d; place--)
    store<f32>(NEAREST + (<usize>place << 2), load<f32>(NEAREST + (<usize>(place - 1) << 2)));
  store<f32>(NEAREST + (<usize>place << 2), d);
}

/** How many of `points` ascending values are nearer than `reach` to `value`, which is one of them at place `own`: itself not counted. */
@inline
function countNear(row: usize, points: i32, own: i32, value: f32, reach: f32): i32 {
  let low = 0;
  let high = own;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (abs(at(row, middle) - value) < reach) high = middle;
    else low = middle + 1;
  }
  const first = low;
  low = own;
  high = points;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (abs(at(row, middle) - value) < reach) low = middle + 1;
    else high = middle;
  }
  return max(0, low - first - 1);
}

export function ksg_pairs(data: usize, out: usize, problems: i32, strideOfRow: i32, points: i32, k: i32): void {
  const stride = <usize>strideOfRow << 2;
  for (let problem = 0; problem < problems; problem++) {
    const x = data;
    const y = data + stride;
    const place = data + 2 * stride;
    const ascending = data + 3 * stride;
    for (let i = 0; i < points; i++) {
      for (let n = 0; n < k; n++) store<f32>(NEAREST + (<usize>n << 2), f32.MAX_VALUE * 2);
      const reach = NEAREST + (<usize>(k - 1) << 2);
      for (let j = i - 1; j >= 0; j--) {
        const gap = abs(at(x, j) - at(x, i));
        if (gap >= load<f32>(reach)) break;
        const d = max(gap, abs(at(y, j) - at(y, i)));
        if (d < load<f32>(reach)) insert(d, k);
      }
      for (let j = i + 1; j < points; j++) {
        const gap = abs(at(x, j) - at(x, i));
        if (gap >= load<f32>(reach)) break;
        const d = max(gap, abs(at(y, j) - at(y, i)));
        if (d < load<f32>(reach)) insert(d, k);
      }
      const eps = load<f32>(reach);
      store<i32>(out, countNear(x, points, i, at(x, i), eps));
      store<i32>(out + 4, countNear(ascending, points, <i32>at(place, i), at(y, i), eps));
      out += 8;
    }
    data += 4 * stride;
  }
}
