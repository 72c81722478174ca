// The K smallest distances seen so far of four points at once, sorted, a register each with one lane a point (K <= 16).
// Registers, not an array: indexed by a loop an array is several times slower. Distances are kept as their bits, which
// have the same order, since minima of integers are one instruction and those of floats several on a software adapter.

override K: u32 = 5;

const FAR = 3.4e38;
const FAR_BITS = 0x7f7fc99eu;

// The larger of two absolute differences, as bits.
fn largest(dx: vec4f, dy: vec4f) -> vec4u {
  let magnitude = vec4u(0x7fffffffu);
  return max(bitcast<vec4u>(dx) & magnitude, bitcast<vec4u>(dy) & magnitude);
}

struct Near {
  n0: vec4u,
  n1: vec4u,
  n2: vec4u,
  n3: vec4u,
  n4: vec4u,
  n5: vec4u,
  n6: vec4u,
  n7: vec4u,
  n8: vec4u,
  n9: vec4u,
  n10: vec4u,
  n11: vec4u,
  n12: vec4u,
  n13: vec4u,
  n14: vec4u,
  n15: vec4u,
}

fn nothingNear() -> Near {
  let far = vec4u(FAR_BITS);
  return Near(far, far, far, far, far, far, far, far, far, far, far, far, far, far, far, far);
}

// Puts a distance a lane in its place: every register takes the smaller of itself and the larger of the one before and d.
fn meet(near: Near, d: vec4u) -> Near {
  var next = near;
  if (K > 15u) { next.n15 = min(near.n15, max(near.n14, d)); }
  if (K > 14u) { next.n14 = min(near.n14, max(near.n13, d)); }
  if (K > 13u) { next.n13 = min(near.n13, max(near.n12, d)); }
  if (K > 12u) { next.n12 = min(near.n12, max(near.n11, d)); }
  if (K > 11u) { next.n11 = min(near.n11, max(near.n10, d)); }
  if (K > 10u) { next.n10 = min(near.n10, max(near.n9, d)); }
  if (K > 9u) { next.n9 = min(near.n9, max(near.n8, d)); }
  if (K > 8u) { next.n8 = min(near.n8, max(near.n7, d)); }
  if (K > 7u) { next.n7 = min(near.n7, max(near.n6, d)); }
  if (K > 6u) { next.n6 = min(near.n6, max(near.n5, d)); }
  if (K > 5u) { next.n5 = min(near.n5, max(near.n4, d)); }
  if (K > 4u) { next.n4 = min(near.n4, max(near.n3, d)); }
  if (K > 3u) { next.n3 = min(near.n3, max(near.n2, d)); }
  if (K > 2u) { next.n2 = min(near.n2, max(near.n1, d)); }
  if (K > 1u) { next.n1 = min(near.n1, max(near.n0, d)); }
  next.n0 = min(near.n0, d);
  return next;
}

fn kth(near: Near) -> vec4f {
  if (K == 1u) { return bitcast<vec4f>(near.n0); }
  if (K == 2u) { return bitcast<vec4f>(near.n1); }
  if (K == 3u) { return bitcast<vec4f>(near.n2); }
  if (K == 4u) { return bitcast<vec4f>(near.n3); }
  if (K == 5u) { return bitcast<vec4f>(near.n4); }
  if (K == 6u) { return bitcast<vec4f>(near.n5); }
  if (K == 7u) { return bitcast<vec4f>(near.n6); }
  if (K == 8u) { return bitcast<vec4f>(near.n7); }
  if (K == 9u) { return bitcast<vec4f>(near.n8); }
  if (K == 10u) { return bitcast<vec4f>(near.n9); }
  if (K == 11u) { return bitcast<vec4f>(near.n10); }
  if (K == 12u) { return bitcast<vec4f>(near.n11); }
  if (K == 13u) { return bitcast<vec4f>(near.n12); }
  if (K == 14u) { return bitcast<vec4f>(near.n13); }
  if (K == 15u) { return bitcast<vec4f>(near.n14); }
  return bitcast<vec4f>(near.n15);
}
