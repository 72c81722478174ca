// A gradient is a graph like others: take it twice
import { constant, gradient, mul, openExecutor, sum } from 'unweave';

const executor = await openExecutor();
const x = constant([1, 2, 3]);
const cube = sum(mul(x, mul(x, x)));
const [first] = gradient(cube, [x]);
const [second] = gradient(sum(first), [x]);
const { first: a, second: b } = await executor.evaluate({ first, second });
console.log([...a], [...b]);

/* prints
[ 3, 12, 27 ] [ 6, 12, 18 ]
*/
