// Linear and Gaussian: an encoder with noise, and the exact posterior of a decoder.

import { gaussianAnswers } from '../../data/linear';
import { cholesky, type Matrix, product } from '../../math/matrix';
import { linearGaussian } from '../../metrics/information/gaussian';
import { columnsOf, matrix, normal, PLACES, rotationBy, type Scene, slider, type Values, variable } from './scene';

const linearParts = ({ a, b, rx, n1, n2, rn, turn }: Values) => ({
  mixing: rotationBy(turn),
  data: matrix(a, b, rx),
  noise: matrix(n1, n2, rn),
});

export const linear: Scene = {
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

export const decoderOf = ({ l1, l2, turn }: Values): Matrix =>
  product(
    [
      [l1, 0],
      [0, l2],
    ],
    rotationBy(turn),
  );

export const decoder: Scene = {
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
