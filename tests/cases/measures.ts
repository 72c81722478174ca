// Cases of the ops that data and metrics bring along, in the same form as the engine's.

import { constant, type Tensor } from '../../src/engine';
import { component, pairProblem, samplesOf } from '../../src/metrics';
import { ksgPairs, pairData } from '../../src/metrics/information/ksgPairs';
import { mixtureLogDensities } from '../../src/metrics/information/mixtureDensity';
import { nearCounts, nearestPoints } from '../../src/metrics/information/neighbourOps';
import { type Recipe, recipes } from '../../src/metrics/information/recipes';
import { dataCases } from './dataSets';
import { numbers } from './ops';

export interface MeasureCase {
  readonly op: string;
  readonly name: string;
  readonly build: () => Tensor;
}

function mixture(latents: number, count: number, seed: number) {
  return Array.from({ length: count }, (_, n) => {
    const values = numbers(latents * (latents + 2), -0.6, 0.6, seed + n);
    const mean = Array.from(values.subarray(0, latents));
    const cholesky = mean.map((_unused, i) =>
      mean.map((__, j) =>
        j > i ? 0 : j === i ? Math.exp(values[latents + i]) : values[2 * latents + i * latents + j],
      ),
    );
    return component(mean, cholesky);
  });
}

const mixtures: MeasureCase[] = [1, 2, 4, 6, 8, 10, 12].map((latents) => ({
  op: 'mixtureLogDensity',
  name: `${latents} latents`,
  build: () => {
    const both = [mixture(latents, 5, 40), mixture(latents, 5, 90)];
    const points = both.map((components) => samplesOf(components, { samplesPerComponent: 2, seed: 7 }));
    return mixtureLogDensities(both, points).tensor;
  },
}));

/** Points on a coarse grid: many equal distances, where < and <= give different counts. */
const grid = (count: number, seed: number) => numbers(count, 0, 12, seed).map(Math.floor);

/** A problem twice: coordinates at random, or on a grid; the last row, if asked for, holds labels. */
function cloud(rows: number, points: number, kind: string, labelled = false): Tensor {
  const stride = Math.ceil(points / 4) * 4;
  const count = 2 * rows * stride;
  const data = Float32Array.from(kind === 'tied' ? grid(count, 31) : numbers(count, -1, 1, 32));
  if (labelled)
    for (const p of [1, 2])
      for (let i = 0; i < stride; i++) data[(p * rows - 1) * stride + i] = i % 7 === 0 ? 2 : i % 2;
  return constant(data, [2, rows, stride]);
}

const shapes: readonly (readonly [dimensions: readonly number[], k: number, points: number])[] = [
  [[1, 1], 5, 131],
  [[1, 1], 1, 64],
  [[2, 1], 4, 97],
  [[1, 3, 2], 9, 70],
  [[5, 6], 13, 50],
  [[4, 1, 4], 16, 18],
];
const total = (dimensions: readonly number[]) => dimensions.reduce((sum, d) => sum + d, 0);

const neighbours: MeasureCase[] = shapes.flatMap(([dimensions, k, points]) =>
  ['tied', 'free'].flatMap((kind) => [
    ...[false, true].map((labelled) => ({
      op: 'nearestPoints',
      name: `${dimensions.join('+')} dimensions, k ${k}, ${points} ${kind} points${labelled ? ' with labels' : ''}`,
      build: () =>
        nearestPoints(cloud(total(dimensions) + Number(labelled), points, kind, labelled), { points, k, labelled }),
    })),
    ...Object.entries<Recipe>(recipes)
      .filter(([name]) => dimensions.length === 3 || !name.startsWith('fp'))
      .map(([name, { reach, counted }]) => ({
        op: 'nearCounts',
        name: `${name}, ${dimensions.join('+')} dimensions, k ${k}, ${points} ${kind} points`,
        build: () => {
          const data = cloud(total(dimensions), points, kind);
          const found = nearestPoints(data, { points, k });
          return nearCounts(data, found, { points, k, dimensions, reach, counted: counted(dimensions.length) });
        },
      })),
  ]),
);

const pairs: MeasureCase[] = [
  [1, 33],
  [3, 64],
  [5, 200],
  [16, 90],
].flatMap(([k, points]) =>
  ['tied', 'free'].map((kind) => ({
    op: 'ksgPairs',
    name: `k ${k}, ${points} ${kind} points`,
    build: () => {
      const column = (seed: number) =>
        kind === 'tied' ? grid(points, seed).map((v) => v) : numbers(points, -1, 1, seed);
      const { data, shape } = pairData([0, 1].map((p) => pairProblem(column(41 + p), column(51 + p))));
      return ksgPairs(constant(data, shape), { points, k });
    },
  })),
);

export const measureCases: readonly MeasureCase[] = [...mixtures, ...neighbours, ...pairs, ...dataCases];
