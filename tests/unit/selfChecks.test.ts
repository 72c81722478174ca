// Self-checks must be able to fail: what each checks is broken here, and the check must see it.

import { expect, test } from 'vitest';
import { type Executor, type Graph, ReferenceDevice } from '../../src/engine';
import { aggregateInformation, type Component, component, Draw, normalQuantile } from '../../src/metrics';
import { samplesOf } from '../../src/metrics/information/aggregate';
import { densitiesInF64, mixtureLogDensities, valuesOf } from '../../src/metrics/information/mixtureDensity';

/** Posteriors with noise correlation, on means that vary. */
function mixture(latents: number, count: number, seed: number): Component[] {
  const draw = new Draw(seed, 41);
  const normal = () => normalQuantile(draw.uniform());
  return Array.from({ length: count }, () =>
    component(
      Array.from({ length: latents }, normal),
      Array.from({ length: latents }, (_, i) =>
        Array.from({ length: latents }, (__, j) =>
          j > i ? 0 : j === i ? 0.3 + 0.2 * draw.uniform() : 0.15 * normal(),
        ),
      ),
    ),
  );
}

/** An executor whose programs give other values than were computed. */
function distorted(device: ReferenceDevice, distort: (values: Float32Array) => Float32Array): Executor {
  const compile = async <Name extends string>(graph: Graph<Name>) => {
    const program = await device.compile(graph);
    const read = program.read.bind(program);
    program.read = async (name: Name) => Float32Array.from(distort(await read(name)));
    return program;
  };
  return Object.assign(Object.create(device) as Executor, { compile });
}

const OPTIONS = { samplesPerComponent: 20, seed: 3 };

test('the bridge residual is near 0, and sees densities that are wrong', async () => {
  using device = new ReferenceDevice();
  const components = mixture(3, 150, 1);
  const [honest] = await aggregateInformation(device, [components], OPTIONS);
  for (const { value, standardError } of honest.bridgeResidual) {
    expect(Math.abs(value)).toBeLessThan(4 * standardError);
    expect(standardError).toBeLessThan(0.03);
  }
  const breaks: [string, (values: Float32Array) => Float32Array][] = [
    ['zeros', (values) => values.map(() => 0)],
    // The residual of before, of C_i and R_i from the same densities, stays as it is under both.
    ['a shift of the whole density', (values) => values.map((value, at) => (at % 8 === 0 ? value + 0.3 : value))],
    ['a coordinate less', (values) => values.map((value, at) => (at % 8 === 4 ? value - 0.3 : value))],
  ];
  for (const [what, distort] of breaks) {
    const [broken] = await aggregateInformation(distorted(device, distort), [components], OPTIONS);
    const { value, standardError } = broken.bridgeResidual[0];
    expect(Math.abs(value), what).toBeGreaterThan(5 * standardError);
    const before = broken.gap[0] - (broken.synergy[0] - broken.redundancy[0].value);
    const honestBefore = honest.gap[0] - (honest.synergy[0] - honest.redundancy[0].value);
    expect(before, what).toBeCloseTo(honestBefore, 5);
  }
});

test('densities in f64, for more latents than the kernel takes, are those of the kernel where both can', async () => {
  using device = new ReferenceDevice();
  const components = mixture(5, 60, 2);
  const points = samplesOf(components, OPTIONS);
  const { tensor, ...layout } = mixtureLogDensities([components], [points]);
  const { values } = await device.evaluate({ values: tensor });
  const [kernel, plain] = [valuesOf(values as Float32Array, layout), densitiesInF64(components, points)];
  const largest = (a: Float64Array, b: Float64Array) => Math.max(...a.map((value, i) => Math.abs(value - b[i])));
  expect(largest(kernel.whole, plain.whole)).toBeLessThan(2e-4);
  for (const i of [0, 1, 2, 3, 4]) expect(largest(kernel.without[i], plain.without[i])).toBeLessThan(2e-4);
});

test('the information of 14 latents, of which 12 are noise, is that of the two', async () => {
  using device = new ReferenceDevice();
  const two = mixture(2, 80, 5);
  const many = two.map(({ mean, cholesky }) =>
    component(
      [...mean, ...new Array<number>(12).fill(0)],
      Array.from({ length: 14 }, (_, i) => Array.from({ length: 14 }, (__, j) => cholesky[i]?.[j] ?? Number(i === j))),
    ),
  );
  const [small] = await aggregateInformation(device, [two], OPTIONS);
  const [large] = await aggregateInformation(device, [many], OPTIONS);
  for (const i of [0, 1]) {
    expect(large.information[i]).toBeCloseTo(small.information[i], 9);
    const error = Math.hypot(
      large.conditionalInformation[i].standardError,
      small.conditionalInformation[i].standardError,
    );
    expect(Math.abs(large.conditionalInformation[i].value - small.conditionalInformation[i].value)).toBeLessThan(
      4 * error,
    );
  }
  for (let i = 2; i < 14; i++) expect(Math.abs(large.conditionalInformation[i].value)).toBeLessThan(1e-9);
});
