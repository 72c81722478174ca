// Your own op: its shape, its gradient and its reference; without kernels of its own it runs from the reference on the CPU
import { apply, constant, defineOp, gradient, mul, sum } from 'unweave';
import { CpuDevice } from 'unweave/cpu';

const cubeRule = defineOp({
  name: 'cube',
  infer: ([x]) => x,
  kernels: () => {
    throw new Error('this op has no WGSL yet: run it on the CPU, or give it a kernel');
  },
  gradient: ({ inputs: [x] }, upstream) => [() => mul(upstream, mul(3, mul(x, x)))],
  reference: ([x], y) => y.data.set(x.data.map((value) => Math.fround(Math.fround(value * value) * value))),
});
const x = constant([1, 2, 3]);
const y = apply(cubeRule, [x], null);
const executor = await CpuDevice.open();
const found = await executor.evaluate({ y, slope: gradient(sum(y), [x])[0] });
console.log([...found.y], [...found.slope]);

/* prints
[ 1, 8, 27 ] [ 3, 12, 27 ]
*/
