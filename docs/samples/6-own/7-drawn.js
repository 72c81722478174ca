// Your own data set, drawn instead of stored: examples of any number are a graph of their indices
import { concat, div, mul, openExecutor, reshape, sin, toFloat } from 'unweave';
import { betaVae, encode, factorized, gaussian, train, vae } from 'unweave/models';

const count = 1024;
/** Points of a circle: [R, batch, 2] from indices u32 [R, batch]. */
const circle = {
  count,
  batch(indices) {
    const turn = reshape(mul(div(toFloat(indices), count), 2 * Math.PI), [...indices.shape, 1]);
    return concat([sin(turn), sin(mul(turn, 2))], 2);
  },
};

const executor = await openExecutor();
const likelihood = gaussian(0.1);
const model = vae({ replicas: 1, input: 2, hidden: [32], posterior: factorized(2, 1), likelihood });
const options = { objective: betaVae({ beta: 1 }), batch: 64, learningRate: 3e-3, seeds: [1] };
const { history } = await train(executor, model, { ...options, data: circle, steps: 500 });
const { means } = await encode(executor, model, circle);
console.log(
  means[0][0].length,
  'codes; the reconstruction fell',
  history.reconstruction[499][0] < history.reconstruction[0][0],
);

/* prints
1024 codes; the reconstruction fell true
*/
