// out = f(x, y) with broadcasting, four elements a thread along the innermost axis. There an operand has stride 1 (its
// four elements are one load) or 0 (one element serves all four).
// uses lib/binary
// uses lib/grid
// uses lib/strided

struct Sizes { first: u32, end: u32, shape: vec4u, left: vec4u, right: vec4u }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> left: array<vec4f>;
@group(0) @binding(2) var<storage, read> right: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4f>;

fn spread(v: vec4f, at: u32, stride: u32) -> vec4f { return select(vec4f(v[at % 4u]), v, stride == 1u); }

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let at = coordinates(i, sizes.shape) * vec4u(1u, 1u, 1u, 4u);
  let l = offset(at, sizes.left);
  let r = offset(at, sizes.right);
  let x = spread(left[l / 4u], l, sizes.left.w);
  let y = spread(right[r / 4u], r, sizes.right.w);
  result[i] = vec4f(combine(x.x, y.x), combine(x.y, y.y), combine(x.z, y.z), combine(x.w, y.w));
}
