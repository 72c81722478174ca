// The slope of a logistic loss, beside a difference
import { constant, gradient, openExecutor, softplus, sub, sum } from 'unweave';

const executor = await openExecutor();
const lossOf = (value) => sum(sub(softplus(constant([value])), constant([0.3 * value])));
const x = constant([0.7]);
const [slope] = gradient(sum(softplus(x)), [x]);
const found = await executor.evaluate({ slope, above: lossOf(0.71), below: lossOf(0.69) });
console.log((found.slope[0] - 0.3).toFixed(4), ((found.above[0] - found.below[0]) / 0.02).toFixed(4));

/* prints
0.3682 0.3682
*/
