// What one Adam update needs to know about the number of updates so far, from the step counter on the GPU:
// factors = 1 / (1 - beta1^t), 1 / sqrt(1 - beta2^t). One thread.
// uses lib/float

struct Sizes { logBeta1: f32, logBeta2: f32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> step: array<u32>;
@group(0) @binding(2) var<storage, read_write> factors: array<f32>;

@compute @workgroup_size(1)
fn main() {
  let updates = f32(step[0] + 1u);
  // expm1 gives 1 - beta^t without cancellation for small t.
  factors[0] = 1.0 / -expm1F(updates * sizes.logBeta1);
  factors[1] = 1.0 / sqrt(-expm1F(updates * sizes.logBeta2));
}
