// The ceiling of arithmetic: chains of multiply-adds on registers, nothing loaded inside the loop. What a benchmark divides
// by. Eight chains of vec4, so that no addition waits for the one before it, and eight steps of each a turn: what a turn carries
// over to the next costs as much as four steps on a software adapter.
// uses lib/grid

struct Sizes { first: u32, end: u32, turns: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> operand: array<vec4f>;
@group(0) @binding(2) var<storage, read_write> result: array<vec4f>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let x = operand[i];
  var c0 = x; var c1 = x + 1.0; var c2 = x + 2.0; var c3 = x + 3.0;
  var c4 = x + 4.0; var c5 = x + 5.0; var c6 = x + 6.0; var c7 = x + 7.0;
  for (var turn = 0u; turn < sizes.turns; turn++) {
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
    c0 = c0 + x * c0.x; c1 = c1 + x * c1.x; c2 = c2 + x * c2.x; c3 = c3 + x * c3.x;
    c4 = c4 + x * c4.x; c5 = c5 + x * c5.x; c6 = c6 + x * c6.x; c7 = c7 + x * c7.x;
  }
  result[i] = c0 + c1 + c2 + c3 + c4 + c5 + c6 + c7;
}
