// The k smallest distances seen so far, sorted, in BLOCKS vec4s (k <= 16). Registers, not an array: indexed by a loop an
// array is several times slower.

override BLOCKS: u32 = 2;

const FAR = 3.4e38;

// Puts d into a sorted vec4 whose left neighbour's last entry is `before`.
fn insert(sorted: vec4f, before: f32, d: f32) -> vec4f {
  return min(sorted, max(vec4f(before, sorted.xyz), vec4f(d)));
}

struct Nearest { n0: vec4f, n1: vec4f, n2: vec4f, n3: vec4f }

fn include(near: Nearest, d: f32) -> Nearest {
  var next = near;
  if (BLOCKS > 3u) { next.n3 = insert(near.n3, near.n2.w, d); }
  if (BLOCKS > 2u) { next.n2 = insert(near.n2, near.n1.w, d); }
  if (BLOCKS > 1u) { next.n1 = insert(near.n1, near.n0.w, d); }
  next.n0 = insert(near.n0, -FAR, d);
  return next;
}

// The k-th smallest, k in the last block.
fn kth(near: Nearest, k: u32) -> f32 {
  var block = near.n0;
  if (BLOCKS == 2u) { block = near.n1; }
  if (BLOCKS == 3u) { block = near.n2; }
  if (BLOCKS == 4u) { block = near.n3; }
  let place = (k - 1u) % 4u;
  return select(select(block.x, block.y, place == 1u), select(block.z, block.w, place == 3u), place >= 2u);
}

fn nothingNear() -> Nearest { return Nearest(vec4f(FAR), vec4f(FAR), vec4f(FAR), vec4f(FAR)); }
