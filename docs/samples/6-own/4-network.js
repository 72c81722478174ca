// Your own network: layers that you put together, with a decoder of the usual kind
import { openExecutor, tanh } from 'unweave';
import { squares } from 'unweave/data';
import { betaVae, chain, full, mlp, train, vae } from 'unweave/models';

const posterior = full(4, [true]);
/** A layer is what parameters it needs, and what it computes with their tensors. */
const squash = { specs: [], apply: (x) => tanh(x) };
const encoder = chain(
  mlp('first', [256, 48], 1),
  squash,
  mlp('head', [48, posterior.headWidth], 0.01, posterior.drawn),
);

const executor = await openExecutor();
const { history } = await train(executor, vae({ replicas: 1, input: 256, posterior, encoder, hidden: [48] }), {
  data: squares(),
  objective: betaVae({ beta: 1 }),
  steps: 300,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1],
});
console.log('reconstruction', history.reconstruction[0][0].toFixed(0), '->', history.reconstruction[299][0].toFixed(0));

/* prints
reconstruction 210 -> 20
*/
