// ln N(z; mean, deviation) of every sample under every component of its replica, for every dimension:
// result[replica, sample, component, dimension]. A thread computes one. Accuracy: exp within 2 ULP (lib/float).
// uses lib/float
// uses lib/grid

struct Sizes { first: u32, end: u32, samples: u32, components: u32, dimensions: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> samples: array<f32>;
@group(0) @binding(2) var<storage, read> means: array<f32>;
@group(0) @binding(3) var<storage, read> logDeviations: array<f32>;
@group(0) @binding(4) var<storage, read_write> result: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let k = i % sizes.dimensions;
  let component = i / sizes.dimensions % sizes.components;
  let sample = i / (sizes.dimensions * sizes.components);
  let own = (sample / sizes.samples * sizes.components + component) * sizes.dimensions + k;
  let logDeviation = logDeviations[own];
  let t = (samples[sample * sizes.dimensions + k] - means[own]) * expF(-logDeviation);
  result[i] = -0.5 * (t * t) - logDeviation - 0.91893853320467274;
}
