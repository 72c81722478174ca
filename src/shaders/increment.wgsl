// Adds one to a counter that lives on the GPU, so that a training loop needs no upload.

@group(0) @binding(1) var<storage, read_write> counter: array<u32>;

@compute @workgroup_size(1)
fn main() { counter[0] += 1u; }
