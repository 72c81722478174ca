// The turning curve: the same codes in a row of bases, from the least coupled one (t = 0) along the shortest way to another (t = 1), such
// as the model's own. It varies how coupled the latents are given x with nothing retrained and no information moved: what a score
// does along it is the cost of coupling by itself.

import { determinant, geodesic, turnOf } from '../../math/geodesic';
import { type Matrix, product, transpose } from '../../math/matrix';
import { sumOf } from '../../math/statistics';
import { assign } from '../disentanglement/assignment';
import { COARSE, densityGrid, entropyOf } from './mixture1d';
import type { Component } from './posterior';
import { marginalsIn } from './rotation';

/** Scores at one angle. */
export interface TurningPoint {
  /** 0 at the least coupled basis, 1 at the other one. */
  readonly t: number;
  readonly basis: number[][];
  /** Sum over latents of I(y_i; x), S_i, and TC(y|x), nats. */
  readonly information: number;
  readonly synergy: number;
  readonly conditionalTc: number;
}

/** A curve of scores over a rotation. */
export interface Turning {
  /** Length of the way, radians. */
  readonly turn: number;
  readonly points: TurningPoint[];
}

/**
 * The codes of `components` in bases from `from` to `to`, both orthogonal with latents as rows; `points` is a power of two. Order and
 * signs of latents mean nothing, so the way leads to the latents of `to` in that order and those signs in which each is nearest to one of
 * `from`: a short way, if not for certain the shortest.
 */
export function turningCurve(components: readonly Component[], from: Matrix, to: Matrix, points: number): Turning {
  const relative = nearest(product(to, transpose(from)));
  return {
    turn: turnOf(relative),
    points: geodesic(relative, points).map((rotation, k) => {
      const basis = product(rotation, from);
      const { means, deviations, synergy, conditionalTotalCorrelation } = marginalsIn(components, basis);
      return {
        t: k / points,
        basis,
        information: means.reduce((sum, each, i) => sum + informationOf(each, deviations[i]), 0),
        synergy: sumOf(synergy),
        conditionalTc: conditionalTotalCorrelation,
      };
    }),
  };
}

/** I(y; x) of one latent whose posteriors are N(means, deviations^2), by quadrature of their mixture, nats. */
export function informationOf(means: Float64Array, deviations: Float64Array): number {
  const weights = new Float64Array(means.length).fill(1 / means.length);
  const noise = deviations.reduce((sum, s) => sum + Math.log(s), 0) / deviations.length;
  return entropyOf(densityGrid(weights, means, deviations, COARSE)) - noise - 0.5 * (Math.log(2 * Math.PI) + 1);
}

/** The rotation nearest to the identity among those whose rows are those of `rotation` in any order and sign. */
function nearest(rotation: Matrix): number[][] {
  const place = assign(transpose(rotation).map((column) => column.map(Math.abs)));
  const rows = place.map((row, i) => rotation[row].map((value) => (rotation[row][i] < 0 ? -value : value)));
  if (determinant(rows) > 0) return rows;
  // A reflection is no way: the latent that this changes least points the other way.
  const least = rows.map((row, i) => row[i]).reduce((best, value, i, all) => (value < all[best] ? i : best), 0);
  return rows.map((row, i) => (i === least ? row.map((value) => -value) : row));
}
