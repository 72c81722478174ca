// The slope of a square
import { constant, gradient, openExecutor, square, sum } from 'unweave';

const executor = await openExecutor();
const x = constant([1, 2, 3]);
const [slope] = gradient(sum(square(x)), [x]);
const { slope: values } = await executor.evaluate({ slope });
console.log([...values]);

/* prints
[ 2, 4, 6 ]
*/
