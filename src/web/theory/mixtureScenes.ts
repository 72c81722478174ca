// Mixtures of Gaussians, as the codes of a VAE are: a grid of means, and a gate that averages do not see.

import { cholesky } from '../../math/matrix';
import { normalQuantile } from '../../math/normal';
import { information, pointwiseInformation } from '../../metrics/information/mixture1d';
import { type Component, component } from '../../metrics/information/posterior';
import {
  columnsOf,
  type Exact,
  labels,
  matrix,
  normal,
  PLACES,
  pick,
  type Scene,
  slider,
  type Values,
  variable,
} from './scene';

const GRID = [-3, -1, 1, 3].map((value) => value / Math.sqrt(5));
const COPIES = 40;

const gridOf = ({ sigma, rho }: Values): Component[] => {
  const factor = cholesky(matrix(sigma ** 2, sigma ** 2, rho));
  return GRID.flatMap((a) => GRID.flatMap((b) => component([a, b], factor)));
};

/** What the components of a mixture give by quadrature: R from the density on a grid, and not from the others. */
function exactOfMixture(components: readonly Component[]): Exact {
  const { R, C } = onGrid(components);
  const synergy =
    components.reduce((sum, { covariance: [[a, b], [, d]] }) => sum - 0.5 * Math.log(1 - (b * b) / (a * d)), 0) /
    components.length;
  return {
    I: [information(components, 0), information(components, 1)],
    C: [C, information(components, 1) + C - information(components, 0)],
    R,
    S: synergy,
    pointwise: PLACES.map((c) => ({ c, nats: pointwiseInformation(components, 0, [c]).nats })),
  };
}

const NODES = 161;
const REACH = 4.5;

/** R = I(z_1; z_2) and C_1 = E M_1(z_2), by sums over a grid. */
function onGrid(components: readonly Component[]): { readonly R: number; readonly C: number } {
  const step = (2 * REACH) / (NODES - 1);
  const place = (k: number) => -REACH + k * step;
  const joint = new Float64Array(NODES * NODES);
  for (const {
    mean,
    precision: [[p, q], [, r]],
    logDeterminant,
  } of components) {
    const scale = Math.exp(-0.5 * logDeterminant) / (2 * Math.PI * components.length);
    for (let i = 0; i < NODES; i++)
      for (let j = 0; j < NODES; j++) {
        const [u, v] = [place(i) - mean[0], place(j) - mean[1]];
        joint[i * NODES + j] += scale * Math.exp(-0.5 * (p * u * u + 2 * q * u * v + r * v * v));
      }
  }
  const rows = new Float64Array(NODES);
  const columns = new Float64Array(NODES);
  for (let i = 0; i < NODES; i++)
    for (let j = 0; j < NODES; j++) {
      rows[i] += joint[i * NODES + j] * step;
      columns[j] += joint[i * NODES + j] * step;
    }
  let R = 0;
  for (let i = 0; i < NODES; i++)
    for (let j = 0; j < NODES; j++) {
      const p = joint[i * NODES + j];
      if (p > 1e-300) R += p * Math.log(p / (rows[i] * columns[j])) * step * step;
    }
  let C = 0;
  for (let j = 0; j < NODES; j++)
    if (columns[j] > 1e-12) C += columns[j] * step * pointwiseInformation(components, 0, [place(j)]).nats;
  return { R, C };
}

export const mixture: Scene = {
  title: 'A mixture, as a VAE’s codes are one',
  about:
    'Sixteen examples, each with its own Gaussian posterior on a grid of means. Couple the latents given x, and what latent 1 knows begins to depend on where latent 2 is.',
  formula: 'M₁(c) = I(z₁; x | z₂ = c)',
  sliders: [
    slider('sigma', 'width σ of every posterior', 0.15, 0.9, 0.05, 0.3),
    slider('rho', 'correlation given x', -0.9, 0.9, 0.05, 0.6),
  ],
  exact: (values) => exactOfMixture(gridOf(values)),
  sample({ sigma, rho }, count, draw) {
    const [x1, x2, z1, z2] = columnsOf(count, 4);
    for (let s = 0; s < count; s++) {
      [x1[s], x2[s]] = [GRID[pick(draw, 4)], GRID[pick(draw, 4)]];
      const [u, v] = [normal(draw), normal(draw)];
      z1[s] = x1[s] + sigma * u;
      z2[s] = x2[s] + sigma * (rho * u + Math.sqrt(1 - rho * rho) * v);
    }
    return {
      x: labels(x1.map((value, s) => GRID.indexOf(value) * 4 + GRID.indexOf(x2[s]))),
      z: [variable(z1), variable(z2)],
    };
  },
  components: (values) => gridOf(values).flatMap((each) => Array.from({ length: COPIES }, () => each)),
};

const GATED = 400;

export const gate: Scene = {
  title: 'A gate: independent in every sense, and not invariant',
  about:
    'A bit b sets how noisy latent 1 is, and latent 2 shows b. The latents are independent, also given x, and the average gap is 0; yet what latent 1 knows depends on latent 2 (T4c, GM6).',
  formula: 'M₁(c) = Σ_b p(b|c) (−½ log s_b²)',
  sliders: [
    slider('s0', 'noise of z₁ where b = 0', 0.05, 0.95, 0.05, 0.1),
    slider('s1', 'noise of z₁ where b = 1', 0.05, 0.95, 0.05, 0.8),
    slider('tau', 'noise of z₂', 0.2, 2, 0.05, 0.5),
  ],
  exact({ s0, s1, tau }) {
    const knows = [s0, s1].map((s) => -Math.log(s));
    const I = (knows[0] + knows[1]) / 2;
    const two = [
      component(
        [-1, 0],
        [
          [tau, 0],
          [0, 1],
        ],
      ),
      component(
        [1, 0],
        [
          [tau, 0],
          [0, 1],
        ],
      ),
    ];
    const I2 = information(two, 0);
    const at = (c: number) => {
      const one = 1 / (1 + Math.exp((-2 * c) / tau ** 2));
      return (1 - one) * knows[0] + one * knows[1];
    };
    return { I: [I, I2], C: [I, I2], R: 0, S: 0, pointwise: PLACES.map((c) => ({ c, nats: at(c) })) };
  },
  sample({ s0, s1, tau }, count, draw) {
    const [u, b, z1, z2] = columnsOf(count, 4);
    for (let n = 0; n < count; n++) {
      [u[n], b[n]] = [normal(draw), pick(draw, 2)];
      const s = b[n] === 0 ? s0 : s1;
      z1[n] = Math.sqrt(1 - s * s) * u[n] + s * normal(draw);
      z2[n] = 2 * b[n] - 1 + tau * normal(draw);
    }
    return { x: variable(u, b), z: [variable(z1), variable(z2)] };
  },
  components: ({ s0, s1, tau }) =>
    Array.from({ length: 2 * GATED }, (_, n) => {
      const [b, u] = [n % 2, normalQuantile((Math.floor(n / 2) + 0.5) / GATED)];
      const s = b === 0 ? s0 : s1;
      return component(
        [Math.sqrt(1 - s * s) * u, 2 * b - 1],
        [
          [s, 0],
          [0, tau],
        ],
      );
    }),
};
