// Random numbers are keyed by seed and step: the same everywhere
import { constant, openExecutor, randomNormal } from 'unweave';

const executor = await openExecutor();
const stream = { seeds: constant(Uint32Array.of(7)), step: constant(Uint32Array.of(0)) };
const { noise } = await executor.evaluate({ noise: randomNormal(stream, 1, [4]) });
console.log([...noise].map((value) => value.toFixed(5)).join(' '));

/* prints
-1.81252 0.99131 -0.21322 1.17346
*/
