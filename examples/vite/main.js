// The engine in a page: a line is fitted by a program that updates its own variables, four hundred steps in one call.

import { assign, constant, gradient, mean, mul, openExecutor, square, sub, variable, withProgram } from 'unweave';

const executor = await openExecutor();
const x = constant([0, 1, 2, 3]);
const y = constant([1, 3, 5, 7]);
const slope = variable('slope', [1]);
const start = variable('start', [1]);
const loss = mean(square(sub(sub(y, mul(slope, x)), start)));
const [dSlope, dStart] = gradient(loss, [slope, start]);
const updates = [assign(slope, sub(slope, mul(dSlope, 0.1))), assign(start, sub(start, mul(dStart, 0.1)))];
await withProgram(executor, { outputs: { loss }, updates }, (program) => program.run(400));
const found = [await executor.read(slope), await executor.read(start)].map(([value]) => value.toFixed(3));
document.querySelector('output').textContent = `y = ${found[0]} x + ${found[1]}, on ${executor.kind}`;
document.body.dataset.done = 'true';
