// Estimators of information by nearest neighbours, in f64: self excluded, natural logs, strictness as stated, never clipped
// at 0. Formulas of the counting estimators are in `recipes`; here are the search, and the three that need more than counts.
//
//   KL      Kozachenko & Leonenko 1987        entropy
//   Ross    Ross 2014                          discrete with continuous
//   LNC     Gao, Ver Steeg & Galstyan 2015     KSG2 corrected for local non-uniformity

import { InputError } from '../../engine';
import { digammaTable } from '../../math/digamma';
import { meanOf } from '../../math/statistics';
import { BEYOND, membersOf } from './labels';
import { principalVolumes } from './localVolumes';
import { momentsOf } from './marginals';
import {
  type Columns,
  countNear,
  distanceOf,
  type Metric,
  type Neighbours,
  nearest,
  projectedRadius,
} from './neighbours';
import { type Recipe, type RecipeName, recipes } from './recipes';

/** Neighbours and distance of a nearest-neighbour estimate. */
export interface EstimatorOptions {
  readonly k: number;
  readonly metric: Metric;
}

/** An estimate, and the contribution of every sample; nats. */
export interface InformationEstimate {
  /** The mean of `local`: nats. May be negative: an estimate near 0 scatters around it. */
  readonly nats: number;
  /** The contribution of every sample. */
  readonly local: Float64Array;
}

/** What an estimator looks at; a surrogate or a part of the data has the same form. For Ross, x is the continuous variable. */
export interface Samples {
  readonly x: Columns;
  readonly y: Columns;
  readonly given: Columns;
}

const averaged = (local: Float64Array): InformationEstimate => ({
  nats: meanOf(local),
  local,
});

/**
 * Local values from what a recipe counted: `counts[c]` holds the c-th count of every sample, `k` its neighbours, one number
 * for all or one each. A sample that has none, alone with its label, tells nothing and counts as 0 unless ties are counted.
 */
export function fromCounts(
  recipe: Recipe,
  counts: readonly ArrayLike<number>[],
  k: number | Int32Array,
): InformationEstimate {
  const n = counts[0].length;
  const psi = digammaTable(n + 1);
  const local = new Float64Array(n);
  const own = counts.map(() => 0);
  for (let i = 0; i < n; i++) {
    const neighbours = typeof k === 'number' ? k : k[i];
    if (neighbours === 0 && recipe.reach !== 'tied') continue;
    for (let c = 0; c < counts.length; c++) own[c] = counts[c][i];
    local[i] = recipe.local(own, { k: neighbours, n, psi });
  }
  return averaged(local);
}

/** How many of each point's neighbours have its label, and the distance of the last of them. */
function withinLabels(
  variables: readonly Columns[],
  { k, distance, index }: Neighbours,
  metric: Metric,
): { near: Neighbours; neighbours: number | Int32Array } {
  if (distance.every((d) => d < BEYOND)) return { near: { k, distance, index }, neighbours: k };
  const measure = distanceOf(variables, metric);
  const neighbours = new Int32Array(distance.length);
  const last = distance.map((_, i) => {
    let farthest = BEYOND;
    for (let j = 0; j < k; j++) {
      const d = measure(i, index[i * k + j], BEYOND);
      if (d >= BEYOND) break;
      farthest = d;
      neighbours[i]++;
    }
    return farthest;
  });
  return { near: { k, distance: last, index }, neighbours };
}

/**
 * The estimate of a recipe: variables x and y (ksg1 and ksg2: two or more; fp and fp2: x, y and what is given), each a list
 * of columns of n numbers. A variable may be one `labelColumn` for the recipes that take labels: mixed and fp.
 */
export function neighbourEstimate(
  name: RecipeName,
  variables: readonly Columns[],
  { k, metric }: EstimatorOptions,
  found: Neighbours = nearest(variables, k, metric),
): InformationEstimate {
  const recipe: Recipe = recipes[name];
  const { near, neighbours } = withinLabels(variables, found, metric);
  const radius = variables.map((each) =>
    recipe.reach === 'projected' ? projectedRadius(each, near, metric) : near.distance,
  );
  const counts = recipe.counted(variables.length).map((together) =>
    countNear(
      together.map((v) => variables[v]),
      together.map((v) => radius[v]),
      recipe.reach,
      metric,
    ),
  );
  return fromCounts(recipe, counts, neighbours);
}

/** The logarithm of the volume of a ball of radius 1. */
function logUnitBall(dimensions: number, metric: Metric): number {
  if (metric === 'max') return dimensions * Math.log(2);
  // pi^(d/2) / Gamma(d/2 + 1), by V(d) = V(d - 2) 2 pi / d.
  let volume = dimensions % 2 === 0 ? 1 : 2;
  for (let d = dimensions % 2 === 0 ? 2 : 3; d <= dimensions; d += 2) volume *= (2 * Math.PI) / d;
  return Math.log(volume);
}

/** Differential entropy H(X) = psi(n) - psi(k) + ln c_d + (d/n) sum ln eps, in nats, on the scale of the columns given. */
export function entropy(x: Columns, { k, metric }: EstimatorOptions): InformationEstimate {
  return entropyOf(nearest([x], k, metric).distance, x.length, { k, metric });
}

/** The same from the distance of every point to its k-th neighbour. Throws InputError where one is 0. */
export function entropyOf(
  distance: Float64Array,
  dimensions: number,
  { k, metric }: EstimatorOptions,
): InformationEstimate {
  const n = distance.length;
  const psi = digammaTable(n);
  if (distance.some((d) => d === 0)) {
    throw new InputError(`the entropy is -Infinity: some point has ${k} others at its own place; dequantise the data`);
  }
  const constant = psi[n] - psi[k] + logUnitBall(dimensions, metric);
  return averaged(distance.map((d) => constant + dimensions * Math.log(d)));
}

/** An entropy of z-scored columns on the scale of the columns given: standardising subtracted the logarithms of the deviations. */
export function onScaleOf(x: Columns, { nats, local }: InformationEstimate): InformationEstimate {
  const shift = x.reduce((total, column) => total + Math.log(momentsOf(column).deviation), 0);
  return { nats: nats + shift, local: local.map((value) => value + shift) };
}

/**
 * Ross: psi(n) + <psi(k_i) - psi(n_label) - psi(m_i)>, the k-th neighbour among samples of the same label, m_i samples of
 * any label within its distance, itself included. Labels that occur once are left out, and n with them.
 */
export function rossEstimate(x: Columns, labels: Float64Array, { k, metric }: EstimatorOptions): InformationEstimate {
  const members = membersOf(labels);
  const repeated = [...members.values()].filter((own) => own.length > 1);
  const kept = repeated.flat().sort((a, b) => a - b);
  if (kept.length === 0) throw new InputError('every label occurs once: there is nothing to estimate from');
  const position = new Map(kept.map((i, at) => [i, at]));
  const radius = new Float64Array(kept.length);
  for (const group of repeated) {
    const columns = x.map((column) => Float64Array.from(group, (i) => column[i]));
    const { distance } = nearest([columns], Math.min(k, group.length - 1), metric);
    for (const [j, i] of group.entries()) radius[position.get(i) ?? 0] = distance[j];
  }
  const pick = (column: Float64Array) => Float64Array.from(kept, (i) => column[i]);
  return rossOf(countNear([x.map(pick)], [radius], 'projected', metric), pick(labels), k);
}

/** Ross's formula from m_i, the samples within the distance of each one's k-th neighbour of the same label. */
export function rossOf(m: ArrayLike<number>, labels: Float64Array, k: number): InformationEstimate {
  const n = labels.length;
  const psi = digammaTable(n + 1);
  const members = membersOf(labels);
  return averaged(
    labels.map((label, i) => {
      const own = members.get(label)?.length ?? 0;
      return psi[n] + psi[Math.min(k, own - 1)] - psi[own] - psi[Math.max(1, m[i])];
    }),
  );
}

/** Below this share of the box, the neighbours' own box counts as smaller: the LNC authors' value for k = 5 in 2 dimensions. */
export const LNC_ALPHA = 0.25;

/** LNC: KSG2 + <ln(box volume / principal volume)> where the principal box of the neighbours is below `alpha` of the box. */
export function lncEstimate(
  variables: readonly Columns[],
  { k, metric }: EstimatorOptions,
  alpha = LNC_ALPHA,
): InformationEstimate {
  // The boxes are of the neighbours in the largest coordinate, whatever the metric.
  const boxed = nearest(variables, k, 'max');
  const plain = neighbourEstimate('ksg2', variables, { k, metric }, metric === 'max' ? boxed : undefined);
  return lncOf(plain, variables.flat(), boxed, alpha);
}

/** KSG2's local values with LNC's correction. Throws InputError unless k exceeds the number of dimensions. */
export function lncOf(
  { local }: InformationEstimate,
  columns: Columns,
  boxed: Pick<Neighbours, 'index' | 'k'>,
  alpha = LNC_ALPHA,
): InformationEstimate {
  if (boxed.k <= columns.length) {
    throw new InputError(`LNC needs k above the number of dimensions, ${columns.length}; k is ${boxed.k}`);
  }
  const volumes = principalVolumes(columns, boxed);
  return averaged(
    local.map((value, i) => {
      const gain = volumes.logBox[i] - volumes.logPrincipal[i];
      return gain > -Math.log(alpha) ? value + gain : value;
    }),
  );
}
