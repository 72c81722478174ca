// Mistakes that public implementations of these objectives have made, each asked for by name: a test fails where ours makes it.

import { expect, test } from 'vitest';
import { constant, gatherRows, ReferenceDevice, type Tensor } from '../../src/engine';
import { betaVae, factorVae, full, type Objective, posteriorNamed, train, type Vae, vae } from '../../src/models';
import { logWeights, totalCorrelation } from '../../src/models/objectives/betaTcVae';
import { maximumMeanDiscrepancy } from '../../src/models/objectives/infoVae';
import { numbers } from '../cases/ops';

async function compute(tensor: Tensor): Promise<Float32Array> {
  using device = new ReferenceDevice();
  const program = await device.compile({ outputs: { tensor } });
  await program.run();
  return program.read('tensor');
}

test('stratified sampling: 1/N belongs to the own example, not to column 0, and every row is a distribution', () => {
  const [batch, examples] = [5, 40];
  const weights = logWeights('stratified', batch, examples).map(Math.exp);
  for (let i = 0; i < batch; i++) {
    const row = Array.from(weights.subarray(i * batch, (i + 1) * batch));
    expect(row[i]).toBeCloseTo(1 / examples, 7);
    expect(row.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 6);
    expect(row.filter((w) => Math.abs(w - 1 / examples) < 1e-7).length).toBe(1);
  }
});

test.each(['stratified', 'weighted'] as const)(
  'one posterior for all examples: %s sampling sees no dependence',
  async (sampling) => {
    const [latents, batch, examples] = [3, 6, 40];
    const posterior = posteriorNamed('factorized', latents, 1);
    const row = numbers(posterior.headWidth, -0.5, 0.5, 3);
    const heads = Float32Array.from({ length: batch * row.length }, (_, at) => row[at % row.length]);
    const packed = posterior.bound(constant(heads, [1, batch, row.length]), []);
    const z = constant(numbers(batch * latents, -1, 1, 4), [1, batch, latents]);
    const [found] = await compute(totalCorrelation({ posterior }, { packed, z }, sampling, examples));
    expect(found).toBeCloseTo(0, 4);
  },
);

test('a sum of marginal log densities is not the joint density: a full posterior has TC(z given x)', async () => {
  const [latents, batch] = [2, 400];
  const posterior = full(latents, [true]);
  // L = ((1, 0), (1, 1)): correlation sqrt(1/2), TC = ln(2) / 2.
  const heads = Float32Array.from({ length: batch * posterior.headWidth }, (_, at) =>
    Number(at % posterior.headWidth === 4),
  );
  const packed = posterior.bound(constant(heads, [1, batch, posterior.headWidth]), []);
  const z = posterior.sample(packed, { seeds: constant(Uint32Array.of(2)), step: constant(Uint32Array.of(0)) });
  const [found] = await compute(totalCorrelation({ posterior }, { packed, z }, 'stratified', batch));
  // The local values have a deviation of .7; 400 samples.
  expect(Math.abs(found - 0.5 * Math.LN2)).toBeLessThan((4 * 0.7) / 20);
});

test('densities far apart do not underflow to minus infinity', async () => {
  const posterior = posteriorNamed('factorized', 2, 1);
  const heads = Float32Array.from({ length: 4 * posterior.headWidth }, (_, at) =>
    at % posterior.headWidth < 2 ? 100 * Math.floor(at / posterior.headWidth) : -3,
  );
  const packed = posterior.bound(constant(heads, [1, 4, posterior.headWidth]), []);
  const [found] = await compute(totalCorrelation({ posterior }, { packed, z: posterior.means(packed) }, 'weighted', 4));
  expect(Number.isFinite(found)).toBe(true);
});

test('the kernel of the MMD divides by the number of latents once', async () => {
  // Two points at distance d in 4 latents: exp(-d^2 / 4), and the prior's closed forms.
  const z = [1, 1, 1, 1, 0, 0, 0, 0];
  const [found] = await compute(maximumMeanDiscrepancy(constant(Float32Array.from(z), [1, 2, 4])));
  const expected = Math.exp(-1) + 2 ** -2 - (2 * 1.5 ** -2 * (Math.exp(-4 / 6) + 1)) / 2;
  expect(found).toBeCloseTo(expected, 5);
});

/** Parameters, first player's, after a few steps. */
async function trained(objective: Objective<Vae>): Promise<{ parameters: Float32Array; steps: number }> {
  using device = new ReferenceDevice();
  const examples = constant(numbers(12 * 6, 0, 1, 8), [12, 6]);
  const model = vae({ replicas: 1, input: 6, hidden: [4], posterior: posteriorNamed('factorized', 2, 1) });
  let steps = -1;
  await train(device, model, {
    data: { count: 12, batch: (indices) => gatherRows(examples, indices) },
    objective,
    batch: 4,
    learningRate: 1e-2,
    seeds: [3],
    steps: 3,
    onSave: ({ values }) => {
      steps = values.step[0];
    },
  });
  return { parameters: await device.read(model.parameters.arena), steps };
}

test("the discriminator's loss does not reach the encoder, and two optimisers count a step once", async () => {
  const alone = await trained(betaVae({ beta: 1 }));
  const beside = await trained(factorVae({ gamma: 0, layers: 2, width: 5, discriminatorRate: 0.1 }));
  expect(beside.parameters).toEqual(alone.parameters);
  expect(beside.steps).toBe(3);
});
