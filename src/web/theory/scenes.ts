// The scenes of the theory lab: small worlds with two latents in which everything is known. Each gives its exact information, samples for an
// estimator that knows nothing of how they came about, and, where it is a mixture, the components that the test of invariance looks at.

import { gaussianAnswers } from '../../data/linear';
import { cholesky, type Matrix, product } from '../../math/matrix';
import { normalQuantile } from '../../math/normal';
import { discreteInformation, type Outcome } from '../../metrics/information/discrete';
import type { Draw } from '../../metrics/information/draw';
import type { Variable } from '../../metrics/information/estimate';
import { linearGaussian } from '../../metrics/information/gaussian';
import { information, pointwiseInformation } from '../../metrics/information/mixture1d';
import { type Component, component } from '../../metrics/information/posterior';

export interface Slider {
  readonly key: string;
  readonly label: string;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly value: number;
}

export type Values = Readonly<Record<string, number>>;

/** Nats; of both latents where there are two numbers. `R` is found on a way of its own, so that T1 can fail. */
export interface Exact {
  readonly I: readonly [number, number];
  readonly C: readonly [number, number];
  readonly R: number;
  readonly S: number;
  /** M_1(c) at values c of latent 2. */
  readonly pointwise: readonly { readonly c: number; readonly nats: number }[];
}

export interface Samples {
  readonly x: Variable;
  readonly z: readonly [Variable, Variable];
}

export interface Scene {
  readonly title: string;
  readonly about: string;
  readonly formula: string;
  readonly sliders: readonly Slider[];
  exact(values: Values): Exact;
  sample(values: Values, count: number, draw: Draw): Samples;
  /** Absent where latent 2 takes two values, or M is the same everywhere by its formula. */
  components?(values: Values): Component[];
}

const slider = (key: string, label: string, least: number, most: number, step: number, value: number): Slider => ({
  key,
  label,
  least,
  most,
  step,
  value,
});
const normal = (draw: Draw): number => normalQuantile(draw.uniform());
const variable = (...columns: Float64Array[]): Variable => ({ columns, names: columns.map((_, i) => `z${i + 1}`) });
const labels = (column: Float64Array): Variable => ({ columns: [column], names: ['label'], discrete: true });
const columnsOf = (count: number, width: number): Float64Array[] =>
  Array.from({ length: width }, () => new Float64Array(count));
const matrix = (a: number, b: number, correlation: number): Matrix => {
  const off = correlation * Math.sqrt(a * b);
  return [
    [a, off],
    [off, b],
  ];
};
export const rotationBy = (degrees: number): Matrix => {
  const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  return [
    [c, -s],
    [s, c],
  ];
};
/** Values of c at which M is shown. */
const PLACES = Array.from({ length: 41 }, (_, i) => -2 + i * 0.1);

// --- a linear-Gaussian encoder --------------------------------------------------------------------------------------------------

const linearParts = ({ a, b, rx, n1, n2, rn, turn }: Values) => ({
  mixing: rotationBy(turn),
  data: matrix(a, b, rx),
  noise: matrix(n1, n2, rn),
});

const linear: Scene = {
  title: 'A linear encoder with Gaussian noise',
  about:
    'z = W x + n: the example x is two normal numbers, W turns them, n is the encoder’s noise. Correlate the data, or the noise, and see which information moves.',
  formula: 'C₁ − I₁ = S₁ − R₁ (the bridge, T1)',
  sliders: [
    slider('a', 'variance of x₁', 0.1, 4, 0.05, 1),
    slider('b', 'variance of x₂', 0.1, 4, 0.05, 1),
    slider('rx', 'correlation of the data', -0.95, 0.95, 0.05, 0),
    slider('n1', 'variance of the noise of z₁', 0.05, 2, 0.05, 0.5),
    slider('n2', 'variance of the noise of z₂', 0.05, 2, 0.05, 0.5),
    slider('rn', 'correlation of the noise given x', -0.95, 0.95, 0.05, 0.6),
    slider('turn', 'W turns by, degrees', 0, 90, 1, 0),
  ],
  exact(values) {
    const { mixing, data, noise } = linearParts(values);
    const { information: I, conditionalInformation: C, redundancy, synergy } = linearGaussian(mixing, data, noise);
    return {
      I: [I[0], I[1]],
      C: [C[0], C[1]],
      R: redundancy[0],
      S: synergy[0],
      pointwise: PLACES.map((c) => ({ c, nats: C[0] })),
    };
  },
  sample(values, count, draw) {
    const { mixing, data, noise } = linearParts(values);
    const [lx, ln] = [cholesky(data), cholesky(noise)];
    const pair = (l: Matrix): [number, number] => {
      const [u, v] = [normal(draw), normal(draw)];
      return [l[0][0] * u, l[1][0] * u + l[1][1] * v];
    };
    const [x1, x2, z1, z2] = columnsOf(count, 4);
    for (let s = 0; s < count; s++) {
      const [x, n] = [pair(lx), pair(ln)];
      [x1[s], x2[s]] = x;
      z1[s] = mixing[0][0] * x[0] + mixing[0][1] * x[1] + n[0];
      z2[s] = mixing[1][0] * x[0] + mixing[1][1] * x[1] + n[1];
    }
    return { x: variable(x1, x2), z: [variable(z1), variable(z2)] };
  },
};

// --- the exact posterior of a linear decoder ------------------------------------------------------------------------------------

export const decoderOf = ({ l1, l2, turn }: Values): Matrix =>
  product(
    [
      [l1, 0],
      [0, l2],
    ],
    rotationBy(turn),
  );

const decoder: Scene = {
  title: 'A rotation that one posterior resists',
  about:
    'x = W z + noise with independent z: turning W changes neither p(x) nor the prior. A full posterior follows every turn at the same bound; a factorized one pays exactly TC(z|x), and comes to rest on the axes.',
  formula: 'cost of factorizing = TC(z|x) = ½ (Σ log Λᵢᵢ − log |Λ|), Λ = 1 + WᵀW / σ² (T5)',
  sliders: [
    slider('l1', 'length of the first axis', 0.5, 4, 0.1, 2),
    slider('l2', 'length of the second axis', 0.5, 4, 0.1, 1),
    slider('sigma', 'noise σ of x', 0.2, 2, 0.05, 0.7),
    slider('turn', 'W turns by, degrees', 0, 90, 1, 30),
  ],
  exact(values) {
    const { information: I, conditionalInformation: C, synergy } = gaussianAnswers(decoderOf(values), values.sigma);
    return { I: [I[0], I[1]], C: [C[0], C[1]], R: 0, S: synergy[0], pointwise: PLACES.map((c) => ({ c, nats: C[0] })) };
  },
  sample(values, count, draw) {
    const w = decoderOf(values);
    const [x1, x2, z1, z2] = columnsOf(count, 4);
    for (let s = 0; s < count; s++) {
      [z1[s], z2[s]] = [normal(draw), normal(draw)];
      x1[s] = w[0][0] * z1[s] + w[0][1] * z2[s] + values.sigma * normal(draw);
      x2[s] = w[1][0] * z1[s] + w[1][1] * z2[s] + values.sigma * normal(draw);
    }
    return { x: variable(x1, x2), z: [variable(z1), variable(z2)] };
  },
};

// --- mixtures -------------------------------------------------------------------------------------------------------------------

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

const pick = (draw: Draw, count: number): number => Math.min(count - 1, Math.floor(draw.uniform() * count));

const mixture: Scene = {
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

const gate: Scene = {
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

// --- channels of bits -----------------------------------------------------------------------------------------------------------

const bit = [0, 1] as const;
const flipped = (value: number, e: number, flip: number): number => (value === e ? 1 - flip : flip);

function bits(outcomesOf: (values: Values) => Outcome[]): Pick<Scene, 'exact' | 'sample'> {
  return {
    exact(values) {
      const found = discreteInformation(outcomesOf(values));
      return {
        I: [found.information[0], found.information[1]],
        C: [found.conditionalInformation[0], found.conditionalInformation[1]],
        R: found.redundancy[0],
        S: found.synergy[0],
        pointwise: found.pointwise[0].map(({ c, nats }) => ({ c: Number(c[0]), nats })),
      };
    },
    sample(values, count, draw) {
      const all = outcomesOf(values).filter(({ probability }) => probability > 0);
      const [x, z1, z2] = columnsOf(count, 3);
      for (let s = 0; s < count; s++) {
        let rest = draw.uniform();
        const place = all.findIndex(({ probability }) => {
          rest -= probability;
          return rest < 0;
        });
        const outcome = all.at(place) ?? all[0];
        [x[s], z1[s], z2[s]] = [Number(outcome.x), Number(outcome.z[0]), Number(outcome.z[1])];
      }
      return { x: labels(x), z: [labels(z1), labels(z2)] };
    },
  };
}

const pairs = bit.flatMap((a) => bit.map((b) => [a, b] as const));

const gatedBits: Scene = {
  title: 'CE1: a gated bit',
  about: 'x is two bits, a and b. Latent 2 shows b; latent 1 shows a, flipped with a probability that b decides.',
  formula: 'M₁(b) = ln 2 − h(flip_b)',
  sliders: [
    slider('e0', 'flips of z₁ where b = 0', 0, 0.5, 0.01, 0),
    slider('e1', 'flips of z₁ where b = 1', 0, 0.5, 0.01, 0.5),
    slider('e2', 'flips of z₂', 0, 0.5, 0.01, 0),
  ],
  ...bits(({ e0, e1, e2 }) =>
    pairs.flatMap(([a, b]) =>
      pairs.map(([z1, z2]) => ({
        x: 2 * a + b,
        z: [z1, z2],
        probability: 0.25 * flipped(a, z1, [e0, e1][b]) * flipped(b, z2, e2),
      })),
    ),
  ),
};

const xorBits: Scene = {
  title: 'CE3: exclusive or',
  about: 'Latent 1 is a coin, latent 2 is the coin xor x: each alone knows nothing, both together everything.',
  formula: 'I₁ = 0, C₁ = S₁ = ln 2 − h(flip)',
  sliders: [slider('e', 'flips of z₂', 0, 0.5, 0.01, 0)],
  ...bits(({ e }) =>
    pairs.flatMap(([x, z1]) => bit.map((z2) => ({ x, z: [z1, z2], probability: 0.25 * flipped(x ^ z1, z2, e) }))),
  ),
};

const copyBits: Scene = {
  title: 'CE4: two noisy copies',
  about: 'Both latents show the same bit, each flipped now and then: independent given x, and redundant.',
  formula: 'C₁ − I₁ = −R₁ < 0, S₁ = 0',
  sliders: [slider('e1', 'flips of z₁', 0, 0.5, 0.01, 0.1), slider('e2', 'flips of z₂', 0, 0.5, 0.01, 0.1)],
  ...bits(({ e1, e2 }) =>
    bit.flatMap((x) =>
      pairs.map(([z1, z2]) => ({ x, z: [z1, z2], probability: 0.5 * flipped(x, z1, e1) * flipped(x, z2, e2) })),
    ),
  ),
};

export const scenes = {
  linear,
  decoder,
  mixture,
  gate,
  gated: gatedBits,
  xor: xorBits,
  copies: copyBits,
} as const satisfies Record<string, Scene>;
export type SceneName = keyof typeof scenes;

/** The theorems' cases and counterexamples (method.md 3.6, 3.8): a scene with its sliders. */
export const cases: readonly { readonly name: string; readonly scene: SceneName; readonly values: Values }[] = [
  { name: 'CE1 gating', scene: 'gated', values: {} },
  { name: 'CE2 invariant, and neither independent', scene: 'linear', values: { a: 2, b: 2, rx: 0.6, rn: 0.6 } },
  { name: 'CE3 exclusive or', scene: 'xor', values: {} },
  { name: 'CE3 Gaussian', scene: 'linear', values: { rx: 0.6, n1: 1, n2: 1, rn: -0.6 } },
  { name: 'CE4 copies', scene: 'copies', values: {} },
  { name: 'CE5 everything holds, in any basis', scene: 'linear', values: { rn: 0, n1: 0.25, n2: 0.25, turn: 30 } },
  { name: 'T5 a rotation', scene: 'decoder', values: {} },
  { name: 'GM2 a factorized mixture', scene: 'mixture', values: { rho: 0 } },
  { name: 'GM3 a coupled mixture', scene: 'mixture', values: {} },
  { name: 'GM6 the gate', scene: 'gate', values: {} },
];

export const defaultsOf = (scene: SceneName): Values =>
  Object.fromEntries(scenes[scene].sliders.map(({ key, value }) => [key, value]));
