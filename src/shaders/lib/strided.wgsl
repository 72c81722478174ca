// Coordinates of a flat index in a row-major shape of four axes, and the offset of coordinates under given strides.

fn coordinates(index: u32, shape: vec4u) -> vec4u {
  let w = index / shape.w;
  let z = w / shape.z;
  return vec4u(z / shape.y, z % shape.y, w % shape.z, index % shape.w);
}

fn offset(at: vec4u, strides: vec4u) -> u32 {
  let parts = at * strides;
  return parts.x + parts.y + parts.z + parts.w;
}
