// Channels of a few bits, where every information is a sum over outcomes: the counterexamples CE1, CE3 and CE4, the pointwise identity T3, and
// why the pairwise reading of invariance is weaker (method.md 3.1, 3.4, 3.6).

import { discreteInformation, type Outcome } from '../../metrics/information/discrete';
import type { Cell, Table } from './tableStudy';

const bits = (nats: number): number => nats / Math.LN2;
const h = (p: number): number => (p === 0 || p === 1 ? 0 : -(p * Math.log2(p) + (1 - p) * Math.log2(1 - p)));

/** Counterexamples on bits, as outcomes with their probabilities. */
function bitChannels() {
  const outcomes = (states: readonly (readonly [x: string, z: readonly number[], probability: number])[]): Outcome[] =>
    states.map(([x, z, probability]) => ({ x, z, probability }));
  const pairs = [0, 1].flatMap((a) => [0, 1].map((b) => [a, b] as const));
  const gated = outcomes(
    pairs.flatMap(([a, b]) =>
      [0, 1].map((e) => [`${a}${b}`, [a ^ e, b], 0.25 * (e === 0 ? 1 - [0, 0.5][b] : [0, 0.5][b])] as const),
    ),
  );
  const xor = outcomes(pairs.map(([x, z]) => [`${x}`, [z, x ^ z], 0.25] as const));
  const flip = (e: number) => (e === 0 ? 0.9 : 0.1);
  const copies = outcomes(
    [0, 1].flatMap((x) => pairs.map(([d, e]) => [`${x}`, [x ^ d, x ^ e], 0.5 * flip(d) * flip(e)] as const)),
  );
  const triple = outcomes(pairs.flatMap(([x, a]) => [0, 1].map((b) => [`${x}`, [a, b, x ^ a ^ b], 0.125] as const)));
  return { gated, xor, copies, triple };
}

/** Counterexamples on bits: everything is a sum over few outcomes. */
export function channels(): Table {
  const { gated, xor, copies, triple } = bitChannels();
  const rows: Cell[][] = [
    ['CE1 gating', gated, [0.5, 0.5, 0, 0], 'IND, CI, A hold; P fails'] as const,
    ['CE3 exclusive or', xor, [0, 1, 0, 1], 'IND holds; CI and A fail; P (constant) holds'] as const,
    ['CE4 noisy copies', copies, [1 - h(0.1), h(0.18) - h(0.1), 1 - h(0.18), 0], 'CI holds; IND and A fail'] as const,
    [
      'parity of three',
      triple,
      [0, 1, 0, 1],
      'every pairwise reading holds: I(x; zi | zj) = I(x; zi) = 0; the one with all others fails',
    ] as const,
  ].flatMap(([name, all, exact, says]) => {
    const found = discreteInformation(all);
    const values = [found.information[0], found.conditionalInformation[0], found.redundancy[0], found.synergy[0]].map(
      bits,
    );
    return ['I', 'C', 'R', 'S'].map((quantity, q): Cell[] => [name, `${quantity}, bits`, exact[q], values[q], says]);
  });
  const pairwise = [
    [0, 1],
    [0, 2],
    [1, 2],
  ].map(([i, j]): Cell[] => {
    const two = triple.map(({ z, ...rest }) => ({ ...rest, z: [z[i], z[j]] }));
    return [
      'parity of three',
      `I(z${i + 1}; x | z${j + 1}), bits`,
      0,
      bits(discreteInformation(two).conditionalInformation[0]),
      'a pair alone sees nothing',
    ];
  });
  return {
    title: 'Counterexamples on bits (CE1, CE3, CE4), and why the pairwise reading is weaker',
    about: 'Sums over all outcomes. First latent.',
    head: ['case', 'quantity', 'exact', 'found', 'what holds'],
    rows: [...rows, ...pairwise],
  };
}

/** T3 at every value of the other latent: M(c) = J(c) + D(c) - K(c), each a sum of its own over outcomes. */
export function pointwise(): Table {
  const { gated, xor, copies } = bitChannels();
  const rows = (
    [
      ['CE1 gating', gated],
      ['CE3 exclusive or', xor],
      ['CE4 noisy copies', copies],
    ] as const
  ).flatMap(([name, all]) =>
    discreteInformation(all).pointwise[0].map(({ c, nats }): Cell[] => {
      const { J, D, K } = termsAt(all, c[0]);
      return [name, `z2 = ${c[0]}`, bits(nats), bits(J), bits(D), bits(K), bits(J + D - K)];
    }),
  );
  return {
    title: 'T3, pointwise: M(c) = J(c) + D(c) − K(c)',
    about:
      'Bits, first latent. J: how far its posterior is from its marginal; D: what the other latent adds of it given x; K: what the other latent says of it.',
    head: ['case', 'c', 'M', 'J', 'D', 'K', 'J + D − K'],
    rows,
  };
}

/** J, D and K of the first of two latents where the second is c, nats. */
function termsAt(all: readonly Outcome[], c: string | number): { J: number; D: number; K: number } {
  const mass = (where: (o: Outcome) => boolean) => all.reduce((sum, o) => (where(o) ? sum + o.probability : sum), 0);
  const atC = mass((o) => o.z[1] === c);
  const log = (a: number, b: number) => Math.log(a / b);
  let [J, D, K] = [0, 0, 0];
  for (const { x, z, probability } of all) {
    if (z[1] !== c || probability === 0) continue;
    const p = probability / atC;
    const ofX = mass((o) => o.x === x);
    const givenX = mass((o) => o.x === x && o.z[0] === z[0]) / ofX;
    const givenBoth =
      mass((o) => o.x === x && o.z[0] === z[0] && o.z[1] === c) / mass((o) => o.x === x && o.z[1] === c);
    const alone = mass((o) => o.z[0] === z[0]);
    const givenC = mass((o) => o.z[0] === z[0] && o.z[1] === c) / atC;
    J += p * log(givenX, alone);
    D += p * log(givenBoth, givenX);
    K += p * log(givenC, alone);
  }
  return { J, D, K };
}
