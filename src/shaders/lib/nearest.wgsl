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

struct Search { near: Nearest, eps: f32 }

fn startSearch() -> Search { return Search(nothingNear(), FAR); }

// In ascending order, by five comparisons.
fn ascending(d: vec4f) -> vec4f {
  let a = vec4f(min(d.xz, d.yw), max(d.xz, d.yw));  // x <= z', y' <= w: pairs (x, z) and (y, w)
  let low = min(a.x, a.y);
  let high = max(a.z, a.w);
  let inner = vec2f(max(a.x, a.y), min(a.z, a.w));
  return vec4f(low, min(inner.x, inner.y), max(inner.x, inner.y), high);
}

// Meets four points at these distances (FAR for one that does not count) and keeps those among the k nearest. Sorted
// first, so that the loop turns once for every point that is kept. A loop and not an if: a software adapter runs the body
// of an if even when no lane wants it.
fn meet(found: Search, distances: vec4f, k: u32) -> Search {
  var next = found;
  var rest = ascending(distances);
  while (rest.x < next.eps) {
    next.near = include(next.near, rest.x);
    next.eps = kth(next.near, k);
    rest = vec4f(rest.yzw, FAR);
  }
  return next;
}
