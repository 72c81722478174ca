// An objective of one's own: the KL is held at one nat. An objective says what a step minimises and what it measures; training does the rest.

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
const { history } = await train(executor, vae({ replicas: 1, input: 256, hidden: [64], posterior: factorized(4, 1) }), {
  data: stored(await squares().render(executor)),
  objective: oneNat,
  steps: 400,
  batch: 64,
  learningRate: 2e-3,
  seeds: [1],
});
document.querySelector('output').textContent = `KL ${history.kl.at(-1)[0].toFixed(1)} nats`;
document.body.dataset.done = 'true';
