// What one Adam update needs to know about the number of updates so far: rates[0] = 1 / sqrt(1 - beta2^t), and then for
// every replica its learning rate divided by 1 - beta1^t. Read from the step counter, on the GPU. A thread, a replica.
// uses lib/float

struct Sizes { replicas: u32, logBeta1: f32, logBeta2: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> learningRate: array<f32>;
@group(0) @binding(2) var<storage, read> step: array<u32>;
@group(0) @binding(3) var<storage, read_write> rates: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.replicas) { return; }
  let updates = f32(step[0] + 1u);
  // expm1 gives 1 - beta^t without cancellation for small t.
  if (id.x == 0u) { rates[0] = 1.0 / sqrt(-expm1F(updates * sizes.logBeta2)); }
  rates[id.x + 1u] = learningRate[id.x] / -expm1F(updates * sizes.logBeta1);
}
