// The theory lab's figures: T1's bars, exact values beside estimates, M(c) with its null band, the cost of a rotation.

import { gaussianAnswers } from '../../data/linear';
import type { Figure, Row } from '../../figures/figureData';
import type { Answer, Found, Quantity } from './estimates';
import { decoderOf } from './gaussianScenes';
import type { Exact, Values } from './scene';

const short = (value: number): number => Number(value.toPrecision(6));

export const bridgeFigure = ({ I, C, R, S }: Exact): Figure => ({
  kind: 'bridge',
  title: 'T1, the bridge: I + S = R + C',
  caption:
    'Two ways to add up what latent 1 says of x and of latent 2 together: first x, then latent 2 given x; or first latent 2, then x given latent 2. Each quantity is found on its own way, so the bars must balance, and could fail to.',
  rows: [
    { side: 'x first: I + S', part: 'I', nats: short(I[0]) },
    { side: 'x first: I + S', part: 'S', nats: short(S) },
    { side: 'latent 2 first: R + C', part: 'R', nats: short(R) },
    { side: 'latent 2 first: R + C', part: 'C', nats: short(C[0]) },
  ],
});

export const estimatesFigure = (exact: Exact, estimates: Readonly<Record<Quantity, Found>> | null): Figure => ({
  kind: 'beside',
  title: 'Exact, and what neighbours find',
  caption:
    'Bars are exact. Dots are estimates from samples alone, by nearest neighbours, with two standard errors either way: biased towards 0 where much is known, C most of all.',
  rows: (['I', 'C', 'R', 'S'] as const).map((quantity): Row => {
    const value = quantity === 'R' || quantity === 'S' ? exact[quantity] : exact[quantity][0];
    const found = quantity === 'S' ? undefined : estimates?.[quantity];
    return {
      quantity,
      exact: short(value),
      found: found === undefined ? Number.NaN : short(found.nats),
      low: found === undefined ? Number.NaN : short(found.nats - 2 * found.standardError),
      high: found === undefined ? Number.NaN : short(found.nats + 2 * found.standardError),
    };
  }),
});

type Test = Extract<Answer, { kind: 'test' }>['test'];

/** What exact values have not. */
const UNKNOWN = { low: Number.NaN, high: Number.NaN, bandLow: Number.NaN, bandHigh: Number.NaN };

/** The band holds two standard errors about the mean: where the points would lie if M were the same for all c. */
export function pointwiseFigure({ I, pointwise }: Exact, test: Test | null): Figure {
  const weights = (test?.pointwise ?? []).map(({ standardError }) => 1 / standardError ** 2);
  const total = weights.reduce((sum, w) => sum + w, 0);
  const middle = (test?.pointwise ?? []).reduce((sum, { nats }, k) => sum + (weights[k] * nats) / total, 0);
  const points = (test?.pointwise ?? []).map(
    ({ c, nats, standardError }): Row => ({
      what: 'estimate',
      c: short(c[0]),
      nats: short(nats),
      low: short(nats - 2 * standardError),
      high: short(nats + 2 * standardError),
      bandLow: short(middle - 2 * standardError),
      bandHigh: short(middle + 2 * standardError),
    }),
  );
  return {
    kind: 'pointwiseCurve',
    title: 'M₁(c): what latent 1 knows, at values c of latent 2',
    caption:
      'The line is exact, the dashed line I₁: invariant means that they are one. Dots are the test’s estimates with two standard errors; the grey band is where they would lie if M were the same everywhere.',
    rows: [
      ...pointwise.map(({ c, nats }): Row => ({ what: 'exact', c: short(c), nats: short(nats), ...UNKNOWN })),
      ...[pointwise[0], ...pointwise.slice(-1)].map(
        ({ c }): Row => ({ what: 'I', c: short(c), nats: short(I[0]), ...UNKNOWN }),
      ),
      ...points.sort((a, b) => Number(a.c) - Number(b.c)),
    ],
  };
}

/** What each posterior pays at every turn of the decoder, and what the latents know one by one. */
export function turnFigure(values: Values): Figure {
  const sumAt = (turn: number): number => {
    const { information } = gaussianAnswers(decoderOf({ ...values, turn }), values.sigma);
    return information[0] + information[1];
  };
  // Nothing is coupled there, so the sum is all there is.
  const joint = sumAt(0);
  const marked = 2 * Math.round(values.turn / 2);
  const rows = Array.from({ length: 46 }, (_, i) => 2 * i).flatMap((turn): Row[] => {
    const sum = sumAt(turn);
    const curves = {
      'cost of a full posterior': 0,
      'cost of a factorized one: TC(z|x)': short(joint - sum),
      'I₁ + I₂': short(sum),
    };
    return Object.entries(curves).map(([curve, nats]) => ({ curve, turn, nats, now: Number(turn === marked) }));
  });
  return {
    kind: 'turn',
    title: 'The rotation: who resists?',
    caption:
      'The same p(x), prior and bound at every angle for a full posterior: nothing holds it back. A factorized posterior pays the coupling that it cannot have, and rests where that is 0. Where both axes are equally long, nothing is preferred by either.',
    rows,
  };
}
