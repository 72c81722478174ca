// Negative log-likelihood of Bernoulli pixels from logits: sum over a row of softplus(l) - x l, in nats. From logits, so
// that no probability is rounded to 0 or 1. A thread computes one row, four entries at a time: the sums of the entries at
// 0, 1, 2, 3 (mod 4) of the whole tensor, then (0 + 1) + (2 + 3). Entries of neighbouring rows are masked.
// uses lib/float

struct Sizes { first: u32, end: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<vec4f>;
@group(0) @binding(2) var<storage, read> targets: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let row = sizes.first + id.y * (groups.x * 16u) + id.x;
  if (row >= sizes.end) { return; }
  let first = row * sizes.width;
  let end = first + sizes.width;
  var total = vec4f();
  for (var i = first / 4u; 4u * i < end; i++) {
    let l = logits[i];
    let nats = vec4f(softplusF(l.x), softplusF(l.y), softplusF(l.z), softplusF(l.w)) - targets[i] * l;
    let entry = vec4u(4u * i) + vec4u(0u, 1u, 2u, 3u);
    total += select(vec4f(), nats, (entry >= vec4u(first)) & (entry < vec4u(end)));
  }
  result[row] = (total.x + total.y) + (total.z + total.w);
}
