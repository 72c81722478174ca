// The worker's side: a VAE on small images. `onMeasured` is called after every block of steps; nothing is read back in between.

import { openExecutor } from 'unweave';
import { squares, stored } from 'unweave/data';
import { betaVae, factorized, train, vae } from 'unweave/models';

const steps = 300;
const executor = await openExecutor();
await train(executor, vae({ replicas: 1, input: 256, hidden: [64, 64], posterior: factorized(6, 1) }), {
  data: stored(await squares().render(executor)),
  objective: betaVae({ beta: 4 }),
  steps,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1],
  onMeasured({ reconstruction }, first) {
    postMessage({ step: first + reconstruction.length, steps, reconstruction: reconstruction.at(-1)[0] });
  },
});
