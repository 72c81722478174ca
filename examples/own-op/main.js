// An op of one's own: shape, kernel, gradient and reference. On a GPU its WGSL runs, elsewhere its reference; `checkOp` shows that they agree.

import { apply, constant, defineOp, gradient, input, mul, openExecutor, output, perThread, sizeOf, sum } from 'unweave';
import { checkOp } from 'unweave/testing';

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
  reference([x], y) {
    for (const [i, value] of x.data.entries()) y.data[i] = Math.fround(Math.fround(value * value) * value);
  },
});
const cube = (x) => apply(cubeRule, [x], null);

const executor = await openExecutor({ prefer: 'software' });
const x = constant([1, 2, 3]);
await checkOp(cubeRule, [{ name: 'three numbers', inputs: [x], build: cube }], { executor });
const { y, slope } = await executor.evaluate({ y: cube(x), slope: gradient(sum(cube(x)), [x])[0] });
document.querySelector('output').textContent = `${[...y].join(' ')} and ${[...slope].join(' ')}, on ${executor.kind}`;
document.body.dataset.done = 'true';
