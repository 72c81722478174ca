// Numbers are operands, shapes broadcast
import { constant, mean, mul, openExecutor, sub } from 'unweave';

const executor = await openExecutor();
const table = constant([1, 2, 3, 4, 5, 6], [2, 3]);
const centred = sub(table, mean(table, [-1], { keep: true }));
const { twice } = await executor.evaluate({ twice: mul(centred, 2) });
console.log([...twice]);

/* prints
[ -2, 0, 2, -2, 0, 2 ]
*/
