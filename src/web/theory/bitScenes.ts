// Channels of bits, where every information is a sum over few outcomes: the counterexamples CE1, CE3 and CE4.

import { discreteInformation, type Outcome } from '../../metrics/information/discrete';
import { columnsOf, labels, type Scene, slider, type Values } from './scene';

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

export const gatedBits: Scene = {
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

export const xorBits: Scene = {
  title: 'CE3: exclusive or',
  about: 'Latent 1 is a coin, latent 2 is the coin xor x: each alone knows nothing, both together everything.',
  formula: 'I₁ = 0, C₁ = S₁ = ln 2 − h(flip)',
  sliders: [slider('e', 'flips of z₂', 0, 0.5, 0.01, 0)],
  ...bits(({ e }) =>
    pairs.flatMap(([x, z1]) => bit.map((z2) => ({ x, z: [z1, z2], probability: 0.25 * flipped(x ^ z1, z2, e) }))),
  ),
};

export const copyBits: Scene = {
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
