// Add two vectors
import { add, constant, openExecutor } from 'unweave';

const executor = await openExecutor();
const { sum } = await executor.evaluate({ sum: add(constant([1, 2, 3]), constant([10, 20, 30])) });
console.log([...sum]);

/* prints
[ 11, 22, 33 ]
*/
