// Negative log-likelihood of Bernoulli pixels from logits: sum over a row of softplus(l) - x l, in nats. From logits, so
// that no probability is rounded to 0 or 1. A thread computes one row.
// uses lib/float
// uses lib/grid

struct Sizes { rows: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(16)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.rows) { return; }
  var total = 0.0;
  for (var i = id.x * sizes.width; i < (id.x + 1u) * sizes.width; i++) {
    total += softplusF(logits[i]) - targets[i] * logits[i];
  }
  result[id.x] = total;
}
