// Train a VAE on small images for 300 steps

import { openExecutor } from 'unweave';
import { squares, stored } from 'unweave/data';
import { betaVae, full, train, vae } from 'unweave/models';

const executor = await openExecutor();
const data = stored(await squares().render(executor));
const model = vae({ replicas: 1, input: 256, hidden: [64, 64], posterior: full(6, [true]) });
const { history } = await train(executor, model, {
  data,
  objective: betaVae({ beta: 4 }),
  steps: 300,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1],
  onProgress: (done) => console.log('step', done),
});
console.log('reconstruction', history.reconstruction[299][0].toFixed(1), 'KL', history.kl[299][0].toFixed(2));

/* prints
step 0
step 100
step 200
step 300
reconstruction 24.8 KL 1.19
*/
