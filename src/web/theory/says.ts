// What a state of the theory lab shows, in a sentence: which of the conditions hold, and what follows from that.

import type { Exact } from './scene';

/** Below this a quantity is called 0: quadrature is good to about 1e-6. */
const ZERO = 2e-5;
const isZero = (value: number): boolean => Math.abs(value) < ZERO;
const nats = (value: number): string => value.toFixed(3).replace(/^-0\.000$/, '0.000');

export interface Conditions {
  /** R = 0; S = 0; C = I; M(c) = I for all c; M(c) the same for all c. */
  readonly independent: boolean;
  readonly conditionally: boolean;
  readonly averaged: boolean;
  readonly pointwise: boolean;
  readonly constant: boolean;
}

export function conditionsOf({ I, C, R, S, pointwise }: Exact): Conditions {
  const all = pointwise.map(({ nats: value }) => value);
  return {
    independent: isZero(R),
    conditionally: isZero(S),
    averaged: isZero(C[0] - I[0]),
    pointwise: all.every((value) => isZero(value - I[0])),
    constant: all.every((value) => isZero(value - all[0])),
  };
}

export function sentence(exact: Exact): string {
  const { I, C, R, S } = exact;
  const { independent, conditionally, averaged, pointwise, constant } = conditionsOf(exact);
  const begin = `Latent 1 knows ${nats(I[0])} nats of x by itself, and ${nats(C[0])} once latent 2 is known. `;
  const both = `The latents are ${independent ? 'independent' : `dependent (R = ${nats(R)})`}, and ${conditionally ? 'independent given x' : `coupled given x (S = ${nats(S)})`}`;
  const gap = averaged
    ? independent === conditionally
      ? independent
        ? ', so on average invariance must hold: C = I.'
        : '; R and S are equal, so on average invariance holds all the same: C = I.'
      : '.'
    : `; so on average invariance fails by C − I = S − R = ${nats(C[0] - I[0])}.`;
  const points = pointwise
    ? ' Pointwise it holds, too: M(c) = I for every c.'
    : constant
      ? ' M(c) is the same for every c, but not I.'
      : averaged
        ? ' Yet pointwise it fails: what latent 1 knows depends on the value of latent 2, which no average sees.'
        : ' And M(c) depends on c.';
  return begin + both + gap + points;
}
