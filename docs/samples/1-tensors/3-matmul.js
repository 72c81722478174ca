// A product, a bias and a ReLU in one kernel
import { constant, linear, openExecutor } from 'unweave';

const executor = await openExecutor();
const x = constant([1, -2, 3, 4], [1, 2, 2]);
const w = constant([1, 0, 0, 1], [1, 2, 2]);
const b = constant([0.5, -0.5], [1, 2]);
const { y } = await executor.evaluate({ y: linear(x, w, b, 'relu') });
console.log([...y]);

/* prints
[ 1.5, 0, 3.5, 3.5 ]
*/
