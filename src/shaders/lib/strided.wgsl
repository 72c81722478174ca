// Coordinates of a flat index in a row-major shape of four axes, and the offset of coordinates under given strides.

fn coordinates(index: u32, shape: vec4u) -> vec4u {
  let w = index / shape.w;
  var at = vec4u(0u, 0u, w, index - w * shape.w);
  // Most walks have two axes, and divisions are slow. A loop of at most one turn: a software adapter runs the body of an
  // `if` whether it is taken or not.
  var outer = w >= shape.z;
  while (outer) {
    let z = w / shape.z;
    let y = z / shape.y;
    at = vec4u(y, z - y * shape.y, w - z * shape.z, at.w);
    outer = false;
  }
  return at;
}

fn offset(at: vec4u, strides: vec4u) -> u32 {
  let parts = at * strides;
  return parts.x + parts.y + parts.z + parts.w;
}
