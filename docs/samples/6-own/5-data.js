// Your own images and factors: arrays in, a trained model and its scores out
import { openExecutor } from 'unweave';
import { fromArray } from 'unweave/data';
import { scoreCodes } from 'unweave/metrics';
import { betaVae, encode, factorized, train, vae } from 'unweave/models';

// 12 x 12 pictures of a soft spot: its place across, and its place down.
const side = 12;
const across = Array.from({ length: side * side }, (_, i) => i % side);
const down = across.map((_, i) => Math.floor(i / side));
const glow = (i, p) => Math.exp(-(((p % side) - across[i]) ** 2) / 6 - (Math.floor(p / side) - down[i]) ** 2 / 12);
const pixels = Uint8Array.from(across.flatMap((_, i) => across.map((__, p) => 255 * glow(i, p))));
const data = fromArray(pixels, [across.length, side, side], { labels: [across, down], names: ['across', 'down'] });

const executor = await openExecutor();
const model = vae({ replicas: 1, input: 144, hidden: [64], posterior: factorized(4, 1) });
await train(executor, model, {
  data,
  objective: betaVae({ beta: 4 }),
  steps: 1500,
  batch: 32,
  learningRate: 3e-3,
  seeds: [1],
});
const { means } = await encode(executor, model, data);
const { scores } = scoreCodes({ codes: means[0], factors: [across, down], only: ['mig'] });
const [{ value, chance, ceiling }] = scores;
console.log(`MIG ${value.toFixed(2)}, by chance ${chance.toFixed(2)}, at most ${ceiling.toFixed(2)}`);
executor.free(data.stored);

/* prints
MIG 0.40, by chance 0.00, at most 1.00
*/
