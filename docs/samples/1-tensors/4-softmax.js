// Softmax of a row
import { constant, openExecutor, softmax } from 'unweave';

const executor = await openExecutor();
const { p } = await executor.evaluate({ p: softmax(constant([1, 2, 3])) });
console.log([...p].map((value) => value.toFixed(4)).join(' '));

/* prints
0.0900 0.2447 0.6652
*/
