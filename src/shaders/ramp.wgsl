// A value that moves from one number to another between two steps: ramps hold from, to, start, end for every replica.
// A thread computes one replica's value at the present step.
// uses lib/angle
// uses lib/float

override LINEAR = false;
override COSINE = false;  // half a turn
override EXPONENTIAL = false;

struct Sizes { replicas: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> step: array<u32>;
@group(0) @binding(2) var<storage, read> ramps: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= sizes.replicas) { return; }
  let ramp = ramps[id.x];
  let t = clamp((f32(step[0]) - ramp.z) / (ramp.w - ramp.z), 0.0, 1.0);
  if (EXPONENTIAL) {
    let a = logF(ramp.x);
    result[id.x] = expF(a + (logF(ramp.y) - a) * t);
  } else {
    var share = t;
    if (COSINE) { share = 0.5 * (1.0 - cosF(3.14159265358979 * t)); }
    result[id.x] = ramp.x + (ramp.y - ramp.x) * share;
  }
}
