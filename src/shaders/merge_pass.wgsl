// One pass of a stable merge sort of rows, on indices: runs of `run` entries become runs of twice the length. A thread
// owns one entry. Its place is its rank in its own run, plus how many entries of the neighbouring run come before it,
// which a binary search finds. On equal keys the left run comes first.
// uses lib/grid

override FLOATS: u32 = 1;  // 1: keys are floats, 0: unsigned integers
override FIRST: u32 = 0;   // 1: the entries are still in their places, `source` is not read

struct Sizes { first: u32, end: u32, width: u32, run: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> keys: array<u32>;
@group(0) @binding(2) var<storage, read> source: array<u32>;
@group(0) @binding(3) var<storage, read_write> result: array<u32>;

fn indexAt(row: u32, at: u32) -> u32 {
  if (FIRST == 1u) { return at; }
  return source[row + at];
}

// Bits whose order as integers is the order of the keys.
fn keyOf(row: u32, index: u32) -> u32 {
  let bits = keys[row + index];
  if (FLOATS == 0u) { return bits; }
  return select(bits | 0x80000000u, ~bits, (bits & 0x80000000u) != 0u);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let thread = sizes.first + flatIndex(id, groups);
  if (thread >= sizes.end) { return; }
  let at = thread % sizes.width;
  let row = thread - at;
  let ownRun = at / sizes.run;
  let isLeft = ownRun % 2u == 0u;
  let pair = at / (2u * sizes.run) * 2u * sizes.run;
  let index = indexAt(row, at);
  let key = keyOf(row, index);
  // The neighbouring run is [low, high); the first of its entries that does not come before ours is searched.
  let first = min(select(pair, pair + sizes.run, isLeft), sizes.width);
  var low = first;
  var high = min(first + sizes.run, sizes.width);
  while (low < high) {
    let middle = (low + high) / 2u;
    let other = keyOf(row, indexAt(row, middle));
    let before = other < key || (other == key && !isLeft);
    low = select(low, middle + 1u, before);
    high = select(middle, high, before);
  }
  result[row + pair + (at - ownRun * sizes.run) + (low - first)] = index;
}
