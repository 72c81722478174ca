// Negative log-likelihood of Bernoulli pixels from logits, as bernoulli_nll: a workgroup a row, 64 threads beside each other. For
// GPUs: see lib/row_tree.
// uses lib/row by flavour
// uses lib/row_tree

struct Sizes { first: u32, end: u32, width: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> logits: array<f32>;
@group(0) @binding(2) var<storage, read> targets: array<f32>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(
  @builtin(local_invocation_index) lane: u32,
  @builtin(workgroup_id) group: vec3u,
  @builtin(num_workgroups) groups: vec3u,
) {
  let row = sizes.first + rowOf(group, groups);
  if (row >= sizes.end) { return; }
  let start = row * sizes.width;
  var total = 0.0;
  for (var i = start + lane; i < start + sizes.width; i += LANES) {
    let l = logits[i];
    total += softplusF(l) - targets[i] * l;
  }
  total = rowSum(total, lane);
  if (lane == 0u) { result[row] = total; }
}
