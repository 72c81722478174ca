// Your own posterior, not Gaussian: a sample and a density are all it needs, and the KL is that of the sample
import { abs, add, div, exp, log, mul, neg, openExecutor, randomUniform, slice, sub, sum } from 'unweave';
import { squares } from 'unweave/data';
import { betaVae, encode, ownPosterior, train, vae } from 'unweave/models';

const latents = 3;
/** Columns of the encoder's output: places, then logarithms of widths. */
const part = (head, first) => slice(head, [0, 0, first], [head.shape[0], head.shape[1], latents]);
const place = (head) => part(head, 0);
const width = (head) => exp(part(head, latents));

/** Laplace: density exp(−|z − m| / b) / 2b, sampled as m + b noise. */
const laplace = ownPosterior({
  name: 'laplace',
  latents,
  width: 2 * latents,
  means: place,
  sample(head, stream, purpose) {
    // The difference of two exponential numbers is Laplace.
    const waits = log(randomUniform(stream, purpose, [head.shape[1], 2 * latents]));
    const noise = sub(part(waits, 0), part(waits, latents));
    return add(place(head), mul(width(head), noise));
  },
  logDensity(head, z) {
    const each = add(div(abs(sub(z, place(head))), width(head)), log(mul(2, width(head))));
    return neg(sum(each, [2]));
  },
});

const executor = await openExecutor();
const model = vae({ replicas: 1, input: 256, hidden: [64], posterior: laplace });
const data = squares();
const { history } = await train(executor, model, {
  data,
  objective: betaVae({ beta: 1 }),
  steps: 300,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1],
});
const { means } = await encode(executor, model, data);
console.log('reconstruction', history.reconstruction[0][0].toFixed(0), '->', history.reconstruction[299][0].toFixed(0));
console.log(means[0].length, 'latents of', means[0][0].length, 'examples');

/* prints
reconstruction 235 -> 19
3 latents of 2304 examples
*/
