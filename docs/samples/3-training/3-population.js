// Four models at once: a replica beside others is bitwise the replica alone
import { openExecutor } from 'unweave';
import { squares, stored } from 'unweave/data';
import { betaVae, factorized, train, vae } from 'unweave/models';

const executor = await openExecutor();
const data = stored(await squares().render(executor));
const run = (seeds) =>
  train(executor, vae({ replicas: seeds.length, input: 256, hidden: [32], posterior: factorized(4, seeds.length) }), {
    data,
    objective: betaVae({ beta: 1 }),
    steps: 100,
    batch: 32,
    learningRate: 2e-3,
    seeds,
  });
const [together, alone] = [await run([1, 2, 3, 4]), await run([3])];
console.log(together.history.reconstruction[99][2] === alone.history.reconstruction[99][0]);

/* prints
true
*/
