// Your own op with its own kernel: shape, WGSL, gradient and reference; on the CPU the reference runs
import { apply, constant, defineOp, gradient, input, mul, openExecutor, output, perThread, sizeOf, sum } from 'unweave';

const kernel = {
  name: 'cube',
  uses: [],
  text: `
struct Sizes { first: u32, end: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + id.y * (groups.x * 64u) + id.x;
  if (i >= sizes.end) { return; }
  y[i] = x[i] * x[i] * x[i];
}`,
};

const cubeRule = defineOp({
  name: 'cube',
  infer: ([x]) => x,
  kernels: ([x], _output, _options, tuning) =>
    perThread(tuning, { kernel, sizes: [], slots: [input(0), output], threads: sizeOf(x.shape) }),
  gradient: ({ inputs: [x] }, upstream) => [() => mul(upstream, mul(3, mul(x, x)))],
  reference: ([x], y) => y.data.set(x.data.map((value) => Math.fround(Math.fround(value * value) * value))),
});
const x = constant([1, 2, 3]);
const y = apply(cubeRule, [x], null);
const executor = await openExecutor();
const found = await executor.evaluate({ y, slope: gradient(sum(y), [x])[0] });
console.log([...found.y], [...found.slope]);

/* prints
[ 1, 8, 27 ] [ 3, 12, 27 ]
*/
