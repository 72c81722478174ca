// Arrays of one's own: examples in a variable, trained on and scored. Here they are bars at one of 16 places with one of 8 heights.

import { openExecutor, variable } from 'unweave';
import { stored } from 'unweave/data';
import { mig } from 'unweave/metrics';
import { betaVae, encode, factorized, train, vae } from 'unweave/models';

const [places, heights, width] = [16, 8, 64];
const rows = Array.from({ length: places * heights }, (_, i) => ({
  place: i % places,
  height: Math.floor(i / places),
}));
const values = rows.flatMap(({ place, height }) =>
  Array.from({ length: width }, (_, at) => (Math.floor(at / 4) === place ? (height + 1) / heights : 0)),
);

const executor = await openExecutor();
const examples = variable('bars', [rows.length, width]);
executor.write(examples, Float32Array.from(values));
const model = vae({ replicas: 1, input: width, hidden: [64], posterior: factorized(4, 1) });
await train(executor, model, {
  data: stored(examples),
  objective: betaVae({ beta: 0.5 }),
  steps: 500,
  batch: 32,
  learningRate: 3e-3,
  seeds: [1],
});
// Posteriors [1, rows, 2 x 4]: four means, then four log deviations.
const packed = await encode(executor, model, examples);
const codes = Array.from({ length: 4 }, (_, k) =>
  Float64Array.from(rows, (__, row) => packed[row * model.posterior.width + k]),
);
const factors = ['place', 'height'].map((name) => Float64Array.from(rows, (row) => row[name]));
document.querySelector('output').textContent = `MIG ${mig(codes, factors).score.toFixed(2)}`;
document.body.dataset.done = 'true';
