// Your own objective: reconstruction plus the square of the KL's distance from one nat
import { add, mean, mul, openExecutor, square, sub } from 'unweave';
import { squares, stored } from 'unweave/data';
import { factorized, train, vae } from 'unweave/models';

const oneNat = {
  name: 'oneNat',
  step(model, { batch, stream }) {
    const x = batch();
    const posteriors = model.encode(x);
    const z = model.posterior.sample(posteriors, stream);
    const reconstruction = mean(model.likelihood.nll(model.decode(z), x), [1]);
    const kl = mean(model.posterior.kl(posteriors), [1]);
    const loss = add(reconstruction, mul(square(sub(kl, 1)), 50));
    return { players: [{ parameters: model.parameters, loss }], terms: { reconstruction, kl } };
  },
};

const executor = await openExecutor();
const data = stored(await squares().render(executor));
const model = vae({ replicas: 1, input: 256, hidden: [64], posterior: factorized(4, 1) });
const { history } = await train(executor, model, {
  data,
  objective: oneNat,
  steps: 400,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1],
});
console.log('KL', history.kl[399][0].toFixed(1), 'nats');

/* prints
KL 1.1 nats
*/
