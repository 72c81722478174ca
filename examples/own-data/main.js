// Arrays of one's own: trained on, encoded and scored. Here they are bars at one of 16 places with one of 8 heights.

import { openExecutor } from 'unweave';
import { fromArray } from 'unweave/data';
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
const factors = ['place', 'height'].map((name) => Float64Array.from(rows, (row) => row[name]));
const data = fromArray(values, [rows.length, width], { labels: factors, names: ['place', 'height'] });
const model = vae({ replicas: 1, input: width, hidden: [64], posterior: factorized(4, 1) });
await train(executor, model, {
  data,
  objective: betaVae({ beta: 0.5 }),
  steps: 500,
  batch: 32,
  learningRate: 3e-3,
  seeds: [1],
});
const { means } = await encode(executor, model, data);
document.querySelector('output').textContent = `MIG ${mig(means[0], factors).score.toFixed(2)}`;
document.body.dataset.done = 'true';
