// Your own objective: the bound's terms with the KL held near one nat, a dose λ, and a second player with a stream of its own
import { mul, openExecutor, square, sub } from 'unweave';
import { squares } from 'unweave/data';
import { evidence, factorized, modelPlayer, train, vae } from 'unweave/models';

/** One nat, by weight: reconstruction + weight (KL − 1)² + λ TC(z|x). */
const oneNat = ({ weight, lambda }) => ({
  name: 'oneNat',
  step(model, inputs) {
    const found = evidence(model, inputs);
    const excess = square(sub(found.terms.kl, 1));
    const player = modelPlayer(model, found, { conditionalTc: lambda }, [[excess, weight]]);
    return { players: [player], terms: { ...found.terms, excess: mul(excess, 1) } };
  },
});

const executor = await openExecutor();
const model = vae({ replicas: 1, input: 256, hidden: [64], posterior: factorized(4, 1) });
const { history } = await train(executor, model, {
  data: squares(),
  objective: oneNat({ weight: 50, lambda: 0 }),
  steps: 400,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1],
});
console.log('KL', history.kl[399][0].toFixed(1), 'nats');

/* prints
KL 1.1 nats
*/
