// The K nearest points met so far, sorted by distance and, where distances are equal, by the order they were met in: their
// distances as bits (which have the same order) and their indices, in BLOCKS vec4s each (K <= 16). Registers, not an
// array: indexed by a loop an array is several times slower.

override K: u32 = 5;
override BLOCKS: u32 = 2;

const FAR_BITS = 0x7f7fc99eu;

struct Nearest {
  d0: vec4u, d1: vec4u, d2: vec4u, d3: vec4u,
  i0: vec4u, i1: vec4u, i2: vec4u, i3: vec4u,
}

fn nothingNear(none: u32) -> Nearest {
  let far = vec4u(FAR_BITS);
  let nobody = vec4u(none);
  return Nearest(far, far, far, far, nobody, nobody, nobody, nobody);
}

struct Block { d: vec4u, i: vec4u }

// Puts (d, index) into a sorted block whose left neighbour ends with `before`: what is larger moves one place on.
fn insert(block: Block, before: vec2u, d: u32, index: u32) -> Block {
  let movedD = vec4u(before.x, block.d.xyz);
  let movedI = vec4u(before.y, block.i.xyz);
  let later = vec4u(d) < block.d;
  let alsoBefore = vec4u(d) < movedD;
  return Block(
    select(block.d, select(vec4u(d), movedD, alsoBefore), later),
    select(block.i, select(vec4u(index), movedI, alsoBefore), later));
}

fn include(near: Nearest, d: u32, index: u32) -> Nearest {
  var next = near;
  if (BLOCKS > 3u) {
    let block = insert(Block(near.d3, near.i3), vec2u(near.d2.w, near.i2.w), d, index);
    next.d3 = block.d;
    next.i3 = block.i;
  }
  if (BLOCKS > 2u) {
    let block = insert(Block(near.d2, near.i2), vec2u(near.d1.w, near.i1.w), d, index);
    next.d2 = block.d;
    next.i2 = block.i;
  }
  if (BLOCKS > 1u) {
    let block = insert(Block(near.d1, near.i1), vec2u(near.d0.w, near.i0.w), d, index);
    next.d1 = block.d;
    next.i1 = block.i;
  }
  let block = insert(Block(near.d0, near.i0), vec2u(0u, 0u), d, index);
  next.d0 = block.d;
  next.i0 = block.i;
  return next;
}

// The K-th smallest distance.
fn kth(near: Nearest) -> u32 {
  var block = near.d0;
  if (BLOCKS == 2u) { block = near.d1; }
  if (BLOCKS == 3u) { block = near.d2; }
  if (BLOCKS == 4u) { block = near.d3; }
  let place = (K - 1u) % 4u;
  return select(select(block.x, block.y, place == 1u), select(block.z, block.w, place == 3u), place >= 2u);
}

// Meets four points in the order of their indices; FAR_BITS for one that does not count. A loop and not an if: a software
// adapter runs the body of an if even when no lane wants it.
fn meet(near: Nearest, distances: vec4u, first: u32) -> Nearest {
  var next = near;
  var d = distances;
  while (any(d < vec4u(kth(next)))) {
    next = include(next, d.x, first);
    next = include(next, d.y, first + 1u);
    next = include(next, d.z, first + 2u);
    next = include(next, d.w, first + 3u);
    d = vec4u(FAR_BITS);
  }
  return next;
}
