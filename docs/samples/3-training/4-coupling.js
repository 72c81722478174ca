// A full posterior couples its latents given x; a penalty λ·TC(z|x) takes that back
import { openExecutor } from 'unweave';
import { squares, stored } from 'unweave/data';
import { betaVae, full, train, vae } from 'unweave/models';

const executor = await openExecutor();
const data = stored(await squares().render(executor));
const model = vae({ replicas: 2, input: 256, hidden: [64, 64], posterior: full(6, [true, true]) });
const { history } = await train(executor, model, {
  data,
  objective: betaVae({ beta: 4, conditionalTc: [0, 64] }),
  steps: 600,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1, 1],
});
const [free, held] = history.conditionalTc[599];
console.log('free', free.toFixed(3), 'held', held.toFixed(3));

/* prints
free 0.423 held 0.001
*/
