// The study `theory`: the theorems and counterexamples of method.md on cases whose answer is exact, beside what our estimators find, with
// their errors, and what the test of invariance says beside the truth.

import type { Executor } from '../../engine';
import { cholesky, type Matrix } from '../../math/matrix';
import { normalQuantile } from '../../math/normal';
import { aggregateInformation, type Estimate } from '../../metrics/information/aggregate';
import { Draw } from '../../metrics/information/draw';
import { estimate } from '../../metrics/information/estimate';
import { linearGaussian } from '../../metrics/information/gaussian';
import { type Component, component } from '../../metrics/information/posterior';
import { invarianceTest } from '../../metrics/invariance/invarianceTest';
import { channels, pointwise } from './bits';
import { bridge, C, equicorrelated, gaussians, one, rotations, times } from './gaussians';
import type { Cell, Table, TableStudy } from './tableStudy';

const SAMPLES = 4000;
const HEAD = ['case', 'quantity', 'exact', 'found', 'standard error', 'in standard errors'] as const;

/** Below this f32 densities, and the digits that exact values are given with, say more than sampling. */
const ROUNDING = 1e-5;

const row = (name: string, quantity: string, exact: number, { value, standardError }: Estimate): Cell[] => [
  name,
  quantity,
  exact,
  value,
  standardError,
  standardError > ROUNDING ? (value - exact) / standardError : null,
];

/** Samples of x and z = x + n as columns. */
function drawn(data: Matrix, noise: Matrix) {
  const draw = new Draw(3, 5200);
  const [a, b] = [cholesky(data), cholesky(noise)];
  const pair = (l: Matrix) => {
    const [u, v] = [normalQuantile(draw.uniform()), normalQuantile(draw.uniform())];
    return [l[0][0] * u, l[1][0] * u + l[1][1] * v];
  };
  const columns = Array.from({ length: 4 }, () => new Float64Array(SAMPLES));
  for (let s = 0; s < SAMPLES; s++) {
    const [x, n] = [pair(a), pair(b)];
    for (const [k, value] of [x[0], x[1], x[0] + n[0], x[1] + n[1]].entries()) columns[k][s] = value;
  }
  return { x: columns.slice(0, 2), z: columns.slice(2) };
}

/** Nearest neighbours, which know nothing of how the samples came about. */
function byNeighbours(): Table {
  const rows = gaussians.flatMap(([name, data, noise]) => {
    const exact = linearGaussian(one, data, noise);
    const { x, z } = drawn(data, noise);
    const found = (request: Parameters<typeof estimate>[0]): Estimate => {
      const { nats, standardError = 0 } = estimate({ ...request, standardError: true });
      return { value: nats, standardError };
    };
    const variable = (columns: readonly Float64Array[]) => ({ columns, names: columns.map((__, i) => String(i)) });
    return [
      row(name, 'I = I(z1; x)', exact.information[0], found({ x: variable([z[0]]), y: variable(x) })),
      row(
        name,
        'C = I(z1; x | z2)',
        exact.conditionalInformation[0],
        found({ x: variable([z[0]]), y: variable(x), given: variable([z[1]]) }),
      ),
      row(name, 'R = I(z1; z2)', exact.redundancy[0], found({ x: variable([z[0]]), y: variable([z[1]]) })),
    ];
  });
  return {
    title: 'Linear-Gaussian encoders, by nearest neighbours',
    about: `${SAMPLES} samples, k = 5. Nearest neighbours are biased towards 0 where much is known; C most of all.`,
    head: HEAD,
    rows,
  };
}

/** Means on a 4 x 4 grid, each `copies` times. */
const grid = (rho: number, copies: number): Component[] => {
  const values = [-3, -1, 1, 3].map((value) => value / Math.sqrt(5));
  const factor = cholesky(times(0.09, C(rho)));
  return values.flatMap((a) => values.flatMap((b) => Array.from({ length: copies }, () => component([a, b], factor))));
};

/** The gated channel GM6: z1 = sqrt(1 - s_b^2) u + s_b n, z2 = (2 b - 1) + n / 2. */
const gate = (count: number): Component[] =>
  Array.from({ length: 2 * count }, (_, n) => {
    const [b, u] = [n % 2, normalQuantile((Math.floor(n / 2) + 0.5) / count)];
    const s = [0.1, 0.8][b];
    return component(
      [Math.sqrt(1 - s * s) * u, 2 * b - 1],
      [
        [s, 0],
        [0, 0.5],
      ],
    );
  });

async function mixtures(executor: Executor): Promise<Table[]> {
  const cases = [
    {
      name: 'GM2 factorized',
      components: grid(0, 1),
      many: grid(0, 100),
      exact: [1.132534, 1.132534, 0, 0],
      holds: true,
    },
    {
      name: 'GM3 coupled noise',
      components: grid(0.6, 1),
      many: grid(0.6, 100),
      exact: [1.132534, 1.309041, 0.046637, 0.223144],
      holds: false,
    },
    {
      name: 'GM6 gated: IND, CI and A hold',
      components: gate(800),
      many: gate(1500),
      exact: [1.262864, 1.262864, 0, 0],
      holds: false,
    },
  ];
  const rows: Cell[][] = [];
  const verdicts: Cell[][] = [];
  for (const { name, components, many, exact, holds } of cases) {
    const samplesPerComponent = Math.max(1, Math.round(16_000 / components.length));
    const [found] = await aggregateInformation(executor, [components], { samplesPerComponent, seed: 0 });
    rows.push(
      row(name, 'I', exact[0], { value: found.information[0], standardError: 0 }),
      row(name, 'C', exact[1], found.conditionalInformation[0]),
      row(name, 'R', exact[2], found.redundancy[0]),
      row(name, 'S', exact[3], { value: found.synergy[0], standardError: 0 }),
    );
    const [test] = invarianceTest(many, { latents: [0] });
    verdicts.push([name, holds ? 'invariant' : 'not invariant', test.verdict, test.adjustedPValue, test.tau.value]);
  }
  return [
    {
      title: 'Mixtures, as the aggregated posterior of a VAE is one',
      about: 'I and S exactly, C and R by Monte Carlo over all components. z of the first latent.',
      head: HEAD,
      rows,
    },
    {
      title: 'Is M(c) invariant? The test beside the truth',
      about:
        'Pointwise invariance of the first latent. GM6 satisfies independence, conditional independence and the averaged form, and not this (T4c).',
      head: ['case', 'truth', 'verdict', 'p', 'tau, nats'],
      rows: verdicts,
    },
  ];
}

export const theory: TableStudy = {
  name: 'theory',
  question: 'Do the theorems hold on cases with exact answers, and do our estimators find these answers?',
  async tables(executor, onProgress) {
    onProgress('closed forms', 0);
    const exact = [bridge(), pointwise(), rotations(), equicorrelated(), channels()];
    onProgress('nearest neighbours', 0.1);
    const neighbours = byNeighbours();
    onProgress('mixtures', 0.5);
    return [...exact, neighbours, ...(await mixtures(executor))];
  },
  told(tables) {
    const verdicts = tables[tables.length - 1].rows;
    const right = verdicts.filter(([, truth, verdict]) => String(verdict).startsWith(String(truth))).length;
    const worst = tables
      .filter(({ head }) => head.includes('in standard errors'))
      .flatMap(({ title, rows }) =>
        rows.map((each) => ({ title, z: Math.abs(Number(each[5] ?? 0)), what: `${each[0]}, ${each[1]}` })),
      );
    const [most] = worst.sort((a, b) => b.z - a.z);
    return `The invariance test is right on ${right} of ${verdicts.length} mixtures; the estimate furthest from its exact value is ${most.z.toFixed(1)} standard errors away (${most.what}).`;
  },
};
