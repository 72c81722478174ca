// Estimators of information by nearest neighbours, in f64. Each is a pure function of neighbour counts; conventions are
// those of the sources: self excluded, natural logs, strictness as stated, never clipped at 0.
//
//   KL      Kozachenko & Leonenko 1987        entropy
//   KSG1/2  Kraskov, Stoegbauer & Grassberger 2004, eqs. 8 and 9, and 23 for several variables
//   FP      Frenzel & Pompe 2007; algorithm 2 as Wibral et al. 2014
//   Ross    Ross 2014                          discrete with continuous
//   mixed   Gao, Kannan, Oh & Viswanath 2017, in the form of the authors' program
//   LNC     Gao, Ver Steeg & Galstyan 2015     KSG2 corrected for local non-uniformity

import { InputError } from '../../engine';
import { digammaTable } from './digamma';
import { principalVolumes } from './localVolumes';
import { type Columns, countWithin, distanceOf, type Metric, nearest, projectedRadius } from './neighbours';

export interface EstimatorOptions {
  readonly k: number;
  readonly metric: Metric;
}

export interface InformationEstimate {
  /** The mean of `local`: nats. May be negative: an estimate near 0 scatters around it. */
  readonly nats: number;
  /** The contribution of every sample. */
  readonly local: Float64Array;
}

const meanOf = (local: Float64Array): InformationEstimate => ({
  nats: local.reduce((total, value) => total + value, 0) / local.length,
  local,
});

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
  const { distance } = nearest([x], k, metric);
  const n = distance.length;
  const psi = digammaTable(n);
  if (distance.some((d) => d === 0)) {
    throw new InputError(`the entropy is -Infinity: some point has ${k} others at its own place; dequantise the data`);
  }
  const constant = psi[n] - psi[k] + logUnitBall(x.length, metric);
  return meanOf(distance.map((d) => constant + x.length * Math.log(d)));
}

/** KSG1 for two or more variables: psi(k) + (m-1) psi(n) - sum <psi(n_j + 1)>; total correlation for m > 2. */
export function ksg1Estimate(variables: readonly Columns[], { k, metric }: EstimatorOptions): InformationEstimate {
  const { distance } = nearest(variables, k, metric);
  const n = distance.length;
  const psi = digammaTable(n + 1);
  const counts = variables.map((each) => countWithin([each], distance, true, metric));
  const constant = psi[k] + (variables.length - 1) * psi[n];
  return meanOf(Float64Array.from({ length: n }, (_, i) => counts.reduce((rest, c) => rest - psi[c[i] + 1], constant)));
}

/** KSG2: psi(k) - (m-1)/k + (m-1) psi(n) - sum <psi(n_j)>, each n_j within the projection of the k neighbours. */
export function ksg2Estimate(
  variables: readonly Columns[],
  { k, metric }: EstimatorOptions,
  found = nearest(variables, k, metric),
): InformationEstimate {
  const n = found.distance.length;
  const psi = digammaTable(n + 1);
  const counts = variables.map((each) => countWithin([each], projectedRadius(each, found, metric), false, metric));
  const constant = psi[k] + (variables.length - 1) * (psi[n] - 1 / k);
  return meanOf(Float64Array.from({ length: n }, (_, i) => counts.reduce((rest, c) => rest - psi[c[i]], constant)));
}

/** I(X; Y | Z) = psi(k) + <psi(n_z + 1) - psi(n_xz + 1) - psi(n_yz + 1)>, all strictly within one distance. */
export function conditional1(x: Columns, y: Columns, z: Columns, { k, metric }: EstimatorOptions): InformationEstimate {
  const { distance } = nearest([x, y, z], k, metric);
  const psi = digammaTable(distance.length + 1);
  const [nz, nxz, nyz] = [[z], [x, z], [y, z]].map((groups) => countWithin(groups, distance, true, metric));
  return meanOf(Float64Array.from(distance, (_, i) => psi[k] + psi[nz[i] + 1] - psi[nxz[i] + 1] - psi[nyz[i] + 1]));
}

/**
 * Algorithm 2: psi(k) - 2/k + <psi(n_z) - psi(n_xz) + 1/n_xz - psi(n_yz) + 1/n_yz>, within the projections of the k
 * neighbours, edges included. A point counts for xz when it is within the projected radius in x and in z.
 */
export function conditional2(x: Columns, y: Columns, z: Columns, { k, metric }: EstimatorOptions): InformationEstimate {
  const found = nearest([x, y, z], k, metric);
  const n = found.distance.length;
  const psi = digammaTable(n + 1);
  const radius = [x, y, z].map((each) => projectedRadius(each, found, metric));
  const nz = countWithin([z], radius[2], false, metric);
  const nxz = countBoth(x, radius[0], z, radius[2], metric);
  const nyz = countBoth(y, radius[1], z, radius[2], metric);
  return meanOf(
    Float64Array.from({ length: n }, (_, i) => {
      const corrections = 1 / nxz[i] + 1 / nyz[i] - 2 / k;
      return psi[k] + corrections + psi[nz[i]] - psi[nxz[i]] - psi[nyz[i]];
    }),
  );
}

/** Other points within one radius in one group and another radius in another, edges included. */
function countBoth(a: Columns, ra: Float64Array, b: Columns, rb: Float64Array, metric: Metric): Int32Array {
  const [inA, inB] = [a, b].map((group) => distanceOf([group], metric));
  const order = Int32Array.from(a[0], (_, i) => i).sort((i, j) => a[0][i] - a[0][j]);
  const counts = new Int32Array(order.length);
  for (let p = 0; p < order.length; p++) {
    const i = order[p];
    for (const step of [-1, 1]) {
      for (let q = p + step; q >= 0 && q < order.length && Math.abs(a[0][order[q]] - a[0][i]) <= ra[i]; q += step) {
        const j = order[q];
        if (inA(i, j, ra[i]) <= ra[i] && inB(i, j, rb[i]) <= rb[i]) counts[i]++;
      }
    }
  }
  return counts;
}

/**
 * Ross: psi(n) + <psi(k_i) - psi(n_label) - psi(m_i)>, the k-th neighbour among samples of the same label, m_i samples of
 * any label within its distance, itself included. Labels that occur once are left out, and n with them.
 */
export function rossEstimate(x: Columns, labels: Float64Array, { k, metric }: EstimatorOptions): InformationEstimate {
  const members = new Map<number, number[]>();
  for (const [i, label] of labels.entries()) members.set(label, [...(members.get(label) ?? []), i]);
  const repeated = [...members.values()].filter((own) => own.length > 1);
  const kept = repeated.flat().sort((a, b) => a - b);
  if (kept.length === 0) throw new InputError('every label occurs once: there is nothing to estimate from');
  const position = new Map(kept.map((i, at) => [i, at]));
  const radius = new Float64Array(kept.length);
  const own = new Float64Array(kept.length);
  const ks = new Int32Array(kept.length);
  for (const group of repeated) {
    const columns = x.map((column) => Float64Array.from(group, (i) => column[i]));
    const ki = Math.min(k, group.length - 1);
    const { distance } = nearest([columns], ki, metric);
    for (const [j, i] of group.entries()) {
      const at = position.get(i) ?? 0;
      radius[at] = distance[j];
      own[at] = group.length;
      ks[at] = ki;
    }
  }
  const everyone = x.map((column) => Float64Array.from(kept, (i) => column[i]));
  const m = countWithin([everyone], radius, false, metric);
  const psi = digammaTable(kept.length + 1);
  return meanOf(
    Float64Array.from(kept, (_, at) => psi[kept.length] + psi[ks[at]] - psi[own[at]] - psi[Math.max(1, m[at])]),
  );
}

/** Gao et al.'s estimator for mixtures: psi(k~) + ln n - psi(n_x) - psi(n_y), self included; k~ and counts are of ties at 0. */
export function mixedEstimate(x: Columns, y: Columns, { k, metric }: EstimatorOptions): InformationEstimate {
  const { distance } = nearest([x, y], k, metric);
  const n = distance.length;
  const psi = digammaTable(n + 1);
  const strict = [x, y].map((each) => countWithin([each], distance, true, metric));
  const zero = new Float64Array(n);
  const ties = [x, y].map((each) => countWithin([each], zero, false, metric));
  const tiedBoth = countWithin([x, y], zero, false, metric);
  return meanOf(
    Float64Array.from({ length: n }, (_, i) => {
      const tied = distance[i] === 0;
      const [nx, ny] = tied ? ties : strict;
      return psi[tied ? tiedBoth[i] + 1 : k] + Math.log(n) - psi[nx[i] + 1] - psi[ny[i] + 1];
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
  const dimensions = variables.reduce((sum, each) => sum + each.length, 0);
  if (k <= dimensions) throw new InputError(`LNC needs k above the number of dimensions, ${dimensions}; k is ${k}`);
  // The boxes are of the neighbours in the largest coordinate, whatever the metric.
  const boxed = nearest(variables, k, 'max');
  const { local } = ksg2Estimate(variables, { k, metric }, metric === 'max' ? boxed : undefined);
  const volumes = principalVolumes(variables.flat(), boxed);
  return meanOf(
    local.map((value, i) => {
      const gain = volumes.logBox[i] - volumes.logPrincipal[i];
      return gain > -Math.log(alpha) ? value + gain : value;
    }),
  );
}
