// One estimate from arrays, with what must be said beside it: ceiling, standard error, p-value and warnings.

import { InputError } from '../../engine';
import { digammaTable } from './digamma';
import { Draw } from './draw';
import {
  entropy,
  type InformationEstimate,
  lncEstimate,
  neighbourEstimate,
  onScaleOf,
  rossEstimate,
} from './estimators';
import { dequantise, type Marginal, shareOfTies, transformed } from './marginals';
import { type Columns, type Metric, nearest } from './neighbours';
import { standardError } from './standardError';

export const estimatorNames = ['ksg1', 'ksg2', 'fp', 'fp2', 'ross', 'mixed', 'lnc', 'kl'] as const;
export type EstimatorName = (typeof estimatorNames)[number];

/** Coordinates of a variable, with names for messages. */
export interface Variable {
  readonly columns: Columns;
  readonly names: readonly string[];
  /** Labels: values that are equal or not, nothing else. */
  readonly discrete?: boolean;
}

export interface EstimateRequest {
  readonly x: Variable;
  /** Not for the entropy, `kl`. */
  readonly y?: Variable;
  readonly given?: Variable;
  /** By default fp with `given`, ross with one discrete variable, mixed with two, else ksg1. */
  readonly estimator?: EstimatorName;
  readonly k?: number;
  readonly metric?: Metric;
  readonly marginals?: Marginal;
  /** Spreads rounded values over their rounding step first. */
  readonly dequantise?: boolean;
  /** Surrogates for a p-value; 0 for none. */
  readonly permutations?: number;
  readonly standardError?: boolean;
  readonly seed?: number;
}

export interface EstimateReport extends InformationEstimate {
  readonly estimator: EstimatorName;
  readonly n: number;
  readonly k: number;
  readonly standardError?: number;
  /** (1 + surrogates at least as large) / (1 + surrogates): of independence, or of independence given Z. */
  readonly pValue?: number;
  /** About the largest estimate that n samples and k neighbours can give: psi(n) - psi(k) - 1/k. */
  readonly ceiling: number;
  readonly warnings: readonly string[];
}

const PURPOSE = { noise: 1, ranks: 2, surrogates: 3, parts: 4 } as const;
/** Above this share of repeated values a warning is due; below it ties cost less than the standard error. */
const MANY_TIES = 0.05;
/** Neighbours in Z among which a surrogate's y is drawn (Runge 2018). */
const LOCAL = 5;

/** Estimates I(X; Y), I(X; Y | Z) or H(X). Throws InputError for data or options that make no sense. */
export function estimate(request: EstimateRequest): EstimateReport {
  const { k = 5, metric = 'max', marginals = 'standard', seed = 0 } = request;
  const name = request.estimator ?? defaultEstimator(request);
  const variables = [request.x, request.y, request.given].filter((each) => each !== undefined);
  const n = request.x.columns[0]?.length ?? 0;
  check(request, name, n, k);
  const warnings: string[] = [];
  const noise = new Draw(seed, PURPOSE.noise);
  const ranks = new Draw(seed, PURPOSE.ranks);
  const discrete = name === 'mixed' || name === 'ross';
  const prepare = (variable: Variable): Columns =>
    variable.columns.map((column, c) => {
      if (variable.discrete === true && name !== 'mixed') return column;
      const ties = shareOfTies(column);
      if (ties > MANY_TIES && request.dequantise !== true && !discrete)
        warnings.push(tieWarning(variable.names[c], ties));
      const spread = request.dequantise === true && ties > 0 ? dequantise(column, noise) : column;
      return transformed(spread, marginals, variable.names[c], ranks);
    });
  const [x, y = [], given = []] = variables.map(prepare);
  const compute = (samples: Samples): InformationEstimate => run(name, samples, k, metric);
  const samples: Samples = { x, y, given, labels: labelsOf(request) };
  const computed = compute(samples);
  const found = name === 'kl' && marginals === 'standard' ? onScaleOf(request.x.columns, computed) : computed;
  const psi = digammaTable(n);
  const ceiling = name === 'kl' ? Number.POSITIVE_INFINITY : psi[n] - psi[k] - 1 / k;
  if (name !== 'kl' && found.nats > Math.log(n / k) - 2) {
    warnings.push(
      `${found.nats.toFixed(2)} nats is near the ceiling of ${ceiling.toFixed(2)} that ${n} samples and k = ${k} have: the true value may be larger by any amount.`,
    );
  }
  const error =
    request.standardError === true ? standardError(samples, k, compute, new Draw(seed, PURPOSE.parts)) : undefined;
  const surrogates = request.permutations ?? 0;
  const draw = new Draw(seed, PURPOSE.surrogates);
  const pValue = surrogates > 0 ? permutationValue(samples, found.nats, surrogates, compute, draw, metric) : undefined;
  return {
    ...found,
    estimator: name,
    n: found.local.length,
    k,
    ...(error === undefined ? {} : { standardError: error }),
    ...(pValue === undefined ? {} : { pValue }),
    ceiling,
    warnings,
  };
}

/** What an estimator looks at; a surrogate or a part of the data has the same form. */
export interface Samples {
  readonly x: Columns;
  readonly y: Columns;
  readonly given: Columns;
  /** For Ross: the discrete variable. */
  readonly labels?: Float64Array;
}

function run(name: EstimatorName, { x, y, given, labels }: Samples, k: number, metric: Metric): InformationEstimate {
  const options = { k, metric };
  switch (name) {
    case 'ksg1':
    case 'ksg2':
    case 'mixed':
      return neighbourEstimate(name, [x, y], options);
    case 'fp':
    case 'fp2':
      return neighbourEstimate(name, [x, y, given], options);
    case 'lnc':
      return lncEstimate([x, y], options);
    case 'kl':
      return entropy(x, options);
    case 'ross':
      if (labels === undefined) throw new InputError('ross needs one discrete variable: name it with `discrete`.');
      return rossEstimate(x, labels, options);
  }
}

function defaultEstimator({ x, y, given }: EstimateRequest): EstimatorName {
  if (given !== undefined) return 'fp';
  if (x.discrete === true && y?.discrete === true) return 'mixed';
  return x.discrete === true || y?.discrete === true ? 'ross' : 'ksg1';
}

/** For Ross, the labels, and the other variable as x. */
function labelsOf({ x, y }: EstimateRequest): Float64Array | undefined {
  return y?.discrete === true ? y.columns[0] : x.discrete === true ? x.columns[0] : undefined;
}

function check(request: EstimateRequest, name: EstimatorName, n: number, k: number): void {
  const { x, y, given } = request;
  if (!Number.isInteger(k) || k < 1) throw new InputError(`k is ${k}; it must be a whole number of at least 1.`);
  if (n <= k) throw new InputError(`${n} samples are too few for k = ${k}: there must be more than k.`);
  if ((name === 'fp' || name === 'fp2') !== (given !== undefined)) {
    throw new InputError(
      given === undefined
        ? `${name} needs a variable to condition on.`
        : `${name} takes no variable to condition on; fp and fp2 do.`,
    );
  }
  if ((name === 'kl') === (y !== undefined)) {
    throw new InputError(
      name === 'kl' ? 'kl is the entropy of x alone: leave y out.' : `${name} needs a second variable, y.`,
    );
  }
  if (name === 'kl' && (request.marginals === 'normal' || request.marginals === 'asinh'))
    throw new InputError('An entropy changes under normal scores and asinh: use neither with kl.');
  for (const { columns, names } of [x, y, given].filter((each) => each !== undefined)) {
    for (const [c, column] of columns.entries()) {
      if (column.length !== n)
        throw new InputError(`${names[c]} has ${column.length} samples, where others have ${n}.`);
      const bad = column.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw new InputError(`${names[c]}, row ${bad + 1}: ${column[bad]} is not a finite number.`);
    }
  }
}

const tieWarning = (name: string, share: number): string =>
  `${name}: ${(100 * share).toFixed(0)} % of its values occur more than once. Neighbour distances of rounded data mean little: spread them with dequantising, or use mixed or ross.`;

const reordered = (columns: Columns, order: ArrayLike<number>): Columns =>
  columns.map((column) => Float64Array.from(order, (i) => column[i]));

function permutationValue(
  samples: Samples,
  observed: number,
  surrogates: number,
  compute: (samples: Samples) => InformationEstimate,
  draw: Draw,
  metric: Metric,
): number {
  const n = samples.x[0].length;
  const local = samples.given.length > 0 ? nearest([samples.given], Math.min(LOCAL, n - 1), metric).index : undefined;
  let atLeast = 0;
  for (let s = 0; s < surrogates; s++) {
    const order = local === undefined ? draw.permutation(n) : localPermutation(local, n, draw);
    const labels = samples.labels === undefined ? undefined : Float64Array.from(order, (i) => samples.labels?.[i] ?? 0);
    const surrogate = { ...samples, y: reordered(samples.y, order), ...(labels === undefined ? {} : { labels }) };
    if (compute(surrogate).nats >= observed) atLeast++;
  }
  return (1 + atLeast) / (1 + surrogates);
}

/** Every sample takes the y of one of its neighbours in Z, in random order, avoiding one that is taken (Runge 2018). */
function localPermutation(neighbours: Int32Array, n: number, draw: Draw): Int32Array {
  const k = neighbours.length / n;
  const taken = new Uint8Array(n);
  const order = new Int32Array(n);
  for (const i of draw.permutation(n)) {
    const tries = draw.permutation(k + 1);
    const candidate = (t: number): number => (t === k ? i : neighbours[i * k + t]);
    const free = tries.find((t) => taken[candidate(t)] === 0);
    order[i] = candidate(free ?? tries[0]);
    taken[order[i]] = 1;
  }
  return order;
}
