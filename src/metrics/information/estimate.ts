// One estimate from arrays, with what must be said beside it: ceiling, standard error, p-value and warnings.

import { InputError } from '../../engine';
import { type OptionNames, oneOf, refuseUnknown } from '../../engine/options';
import { digammaTable } from '../../math/digamma';
import { Draw } from './draw';
import {
  entropy,
  type InformationEstimate,
  lncEstimate,
  neighbourEstimate,
  onScaleOf,
  rossEstimate,
  type Samples,
} from './estimators';
import { labelColumn, membersOf } from './labels';
import { latticeOf } from './lattice';
import { dequantise, type Marginal, shareOfTies, transformed } from './marginals';
import type { Columns, Metric } from './neighbours';
import { permutationValue } from './permutationValue';
import { leastForStandardError, standardError } from './standardError';

/** Every estimator, with what it is for. */
export const estimators = {
  ksg1: 'I(x; y) of continuous variables: Kraskov, Stoegbauer, Grassberger 2004, the first algorithm',
  ksg2: 'the same by boxes: their second algorithm',
  fp: 'I(x; y given z): Frenzel, Pompe 2007, ksg1 with a condition',
  fp2: 'the same by boxes',
  ross: 'I(x; label): Ross 2014, one variable of labels',
  mixed: 'variables that are partly labels, partly numbers: Gao et al. 2017',
  lnc: 'ksg1 with a correction for strong dependence: Gao, Ver Steeg, Galstyan 2015',
  kl: 'the entropy of x: Kozachenko, Leonenko 1987',
} as const;
/** Names that `estimate` and `ksg` take. */
export type EstimatorName = keyof typeof estimators;
/** Names of the estimators, in the order of the table. */
export const estimatorNames = Object.keys(estimators) as EstimatorName[];

/** Coordinates of a variable, with names for messages. */
export interface Variable {
  readonly columns: Columns;
  readonly names: readonly string[];
  /** Labels, in one column: values that are equal or not, nothing else. Renaming them changes no estimate. */
  readonly discrete?: boolean;
}

/** Which variables, by which estimator, with which extras. */
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

/** An estimate with all that must be said beside it; nats. */
export interface EstimateReport extends InformationEstimate {
  readonly estimator: EstimatorName;
  readonly n: number;
  readonly k: number;
  readonly standardError?: number;
  /** (1 + surrogates at least as large) / (1 + surrogates): of independence, or of independence given Z. */
  readonly pValue?: number;
  /**
   * About the largest estimate that n samples and k neighbours can give: psi(n) - psi(k) - 1/k; with labels, their entropy
   * where that is smaller.
   */
  readonly ceiling: number;
  readonly warnings: readonly string[];
}

const PURPOSE = { noise: 1, ranks: 2, surrogates: 3, parts: 4 } as const;
/** Above this share of repeated values a warning is due; below it ties cost less than the standard error. */
const MANY_TIES = 0.05;
/** What a request may say beside x and y. */
export const BESIDE: OptionNames<Omit<EstimateRequest, 'x' | 'y'>> = {
  given: true,
  estimator: true,
  k: true,
  metric: true,
  marginals: true,
  dequantise: true,
  permutations: true,
  standardError: true,
  seed: true,
};

/** Nats below the ceiling within which an estimate says little more than that it is large: see docs/information.md. */
const NEAR_CEILING = 0.5;

/** Estimates I(X; Y), I(X; Y | Z) or H(X). Throws InputError for data or options that make no sense. */
export function estimate(request: EstimateRequest): EstimateReport {
  const { k = 5, metric = 'max', seed = 0 } = request;
  const name = request.estimator ?? defaultEstimator(request);
  const n = request.x.columns[0]?.length ?? 0;
  check(request, name, n, k);
  const warnings = [...tieWarnings(request, name), ...loneWarnings(request, name)];
  const samples = prepared(request, name);
  const compute = (each: Samples): InformationEstimate => run(name, each, k, metric);
  const computed = compute(samples);
  const standardised = (request.marginals ?? 'standard') === 'standard';
  const found = name === 'kl' && standardised ? onScaleOf(request.x.columns, computed) : computed;
  const ceiling = ceilingOf(request, name, n, k);
  warnings.push(...ceilingWarnings(request, name, found.nats, ceiling, k));
  const error =
    request.standardError === true ? standardError(samples, compute, new Draw(seed, PURPOSE.parts)) : undefined;
  const surrogates = request.permutations ?? 0;
  const draw = new Draw(seed, PURPOSE.surrogates);
  const strata = request.given?.discrete === true ? [...membersOf(request.given.columns[0]).values()] : undefined;
  const pValue =
    surrogates > 0 ? permutationValue(samples, found.nats, { surrogates, compute, draw, metric, strata }) : undefined;
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

/** Every coordinate as neighbours are sought in it. */
function prepared(request: EstimateRequest, name: EstimatorName): Samples {
  const { marginals = 'standard', seed = 0 } = request;
  const noise = new Draw(seed, PURPOSE.noise);
  const draw = new Draw(seed, PURPOSE.ranks);
  const spread = (column: Float64Array): Float64Array =>
    request.dequantise === true && shareOfTies(column) > 0 ? dequantise(column, noise) : column;
  const variables = [request.x, request.y, request.given].map((variable) =>
    (variable?.columns ?? []).map((values, c) => {
      if (variable?.discrete === true) return { labels: labelColumn(values) };
      const column = spread(values);
      // An entropy is on the scale of its data, and rounded data have none.
      const lattice = name === 'kl' ? undefined : latticeOf(column);
      return { column, lattice, label: variable?.names[c] ?? '' };
    }),
  );
  const steps = variables.flat().flatMap(({ lattice }) => (lattice === undefined ? [] : [lattice.step]));
  const unit = steps.length === 0 ? 1 : Math.min(...steps);
  const [x, y, given] = variables.map((columns) =>
    columns.map(({ labels, column, lattice, label }) =>
      labels === undefined ? transformed(column, marginals, label, { draw, unit, lattice }) : labels,
    ),
  );
  return name === 'ross' && request.x.discrete === true ? { x: y, y: x, given } : { x, y, given };
}

function run(name: EstimatorName, { x, y, given }: Samples, k: number, metric: Metric): InformationEstimate {
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
      return rossEstimate(x, y[0], options);
  }
}

function defaultEstimator({ x, y, given }: EstimateRequest): EstimatorName {
  if (given !== undefined) return 'fp';
  if (x.discrete === true && y?.discrete === true) return 'mixed';
  return x.discrete === true || y?.discrete === true ? 'ross' : 'ksg1';
}

function check(request: EstimateRequest, name: EstimatorName, n: number, k: number): void {
  const { x, y, given } = request;
  refuseUnknown<EstimateRequest>('estimate', request, { x: true, y: true, ...BESIDE });
  oneOf('estimator', name, estimatorNames);
  oneOf('metric', request.metric ?? 'max', ['max', 'euclidean']);
  oneOf('marginals', request.marginals ?? 'standard', ['standard', 'normal', 'asinh', 'none']);
  if (!Number.isInteger(k) || k < 1) throw new InputError(`k is ${k}; it must be a whole number of at least 1.`);
  if (n <= k) throw new InputError(`${n} samples are too few for k = ${k}: there must be more than k.`);
  const { permutations = 0 } = request;
  if (!Number.isSafeInteger(permutations) || permutations < 0)
    throw new InputError(`the number of permutations is ${permutations}; it must be a whole number, 0 or more.`);
  const enough = leastForStandardError(k);
  if (request.standardError === true && n < enough)
    throw new InputError(`${n} samples are too few for a standard error with k = ${k}: it takes ${enough} or more.`);
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
  const variables = [x, y, given].filter((each) => each !== undefined);
  checkLabels(name, variables, k);
  for (const { columns, names } of variables) {
    for (const [c, column] of columns.entries()) {
      if (column.length !== n)
        throw new InputError(`${names[c]} has ${column.length} samples, where others have ${n}.`);
      const bad = column.findIndex((value) => !Number.isFinite(value));
      if (bad >= 0) throw new InputError(`${names[c]}, row ${bad + 1}: ${column[bad]} is not a finite number.`);
    }
  }
}

/** Which variables may be labels: distances between labels mean nothing, so an estimator of distances refuses them. */
function checkLabels(name: EstimatorName, variables: readonly Variable[], k: number): void {
  const labelled = variables.filter(({ discrete }) => discrete === true);
  const many = labelled.find(({ columns }) => columns.length !== 1);
  if (many !== undefined) throw new InputError(`${many.names.join(', ')}: labels are one column.`);
  if (name === 'ross' && labelled.length !== 1)
    throw new InputError('ross needs one variable of labels and one of numbers; mixed takes two of labels.');
  if (labelled.length > 0 && name !== 'ross' && name !== 'mixed' && name !== 'fp')
    throw new InputError(`${name} takes numbers, and ${labelled[0].names[0]} is labels: use ross, mixed or fp.`);
  for (const { columns, names } of name === 'fp' ? labelled : []) {
    const largest = Math.max(...[...membersOf(columns[0]).values()].map((own) => own.length));
    if (largest <= k)
      throw new InputError(
        `${names[0]}: no label has more than k = ${k} samples, so nothing can be estimated inside one.`,
      );
  }
}

/** Labels of x or y: what is known of them can be no more than their entropy. */
const labelsOf = ({ x, y }: EstimateRequest): Float64Array[] =>
  [x, y].flatMap((each) => (each?.discrete === true ? [each.columns[0]] : []));

/** About the largest estimate that so many samples can give: of the labels, their entropy, as Ross's formula sees it. */
function ceilingOf(request: EstimateRequest, name: EstimatorName, n: number, k: number): number {
  if (name === 'kl') return Number.POSITIVE_INFINITY;
  const psi = digammaTable(n);
  const entropies = labelsOf(request).map((labels) =>
    [...membersOf(labels).values()].reduce((sum, own) => sum + (own.length / n) * (psi[n] - psi[own.length]), 0),
  );
  return Math.min(psi[n] - psi[k] - 1 / k, ...entropies);
}

function ceilingWarnings(
  request: EstimateRequest,
  name: EstimatorName,
  nats: number,
  ceiling: number,
  k: number,
): string[] {
  const { x, y } = request;
  if (name === 'kl' || y === undefined || labelsOf(request).length > 0) return [];
  const same = (a: Float64Array, b: Float64Array): boolean => a.every((value, i) => value === b[i]);
  const shared = x.names.filter((_, i) => y.columns.some((column) => same(x.columns[i], column)));
  const tied = x.columns.some((column, i) => shared.includes(x.names[i]) && shareOfTies(column) > 0);
  if (shared.length > 0 && tied)
    return [`${shared.join(', ')} is in both variables: their information is its entropy.`];
  if (shared.length > 0 && request.given === undefined) {
    return [
      `${shared.join(', ')} is in both variables: their information is infinite, and ${nats.toFixed(2)} nats is only what so many samples can show.`,
    ];
  }
  if (nats <= ceiling - NEAR_CEILING) return [];
  return [
    `${nats.toFixed(2)} nats is near the ceiling of ${ceiling.toFixed(2)} that ${x.columns[0].length} samples and k = ${k} have: the true value may be larger by any amount.`,
  ];
}

function tieWarnings({ x, y, given, dequantise: spread }: EstimateRequest, name: EstimatorName): string[] {
  if (spread === true || name === 'mixed' || name === 'ross') return [];
  const numbers = [x, y, given].filter((each) => each !== undefined && each.discrete !== true);
  return numbers.flatMap(({ columns, names } = { columns: [], names: [] }) =>
    columns.flatMap((column, c) => {
      const share = shareOfTies(column);
      if (share <= MANY_TIES) return [];
      return [
        `${names[c]}: ${(100 * share).toFixed(0)} % of its values occur more than once. Neighbour distances of rounded data mean little: dequantise them, which spreads them over their rounding step, or declare them labels if they are.`,
      ];
    }),
  );
}

/** Samples whose label occurs once have nobody to be compared with. */
function loneWarnings({ x, y, given, k = 5 }: EstimateRequest, name: EstimatorName): string[] {
  if (name === 'mixed') return [];
  const small = [x, y, given].flatMap((variable) => {
    if (name !== 'fp' || variable?.discrete !== true) return [];
    const few = [...membersOf(variable.columns[0]).values()].filter((own) => own.length > 1 && own.length <= k);
    const count = few.reduce((sum, own) => sum + own.length, 0);
    if (count === 0) return [];
    return [`${variable.names[0]}: ${count} samples have a label of ${k} or fewer, and pull the estimate towards 0.`];
  });
  const what = name === 'ross' ? 'are left out' : 'count as 0';
  const alone = [x, y, given].flatMap((variable) => {
    if (variable?.discrete !== true) return [];
    const lone = [...membersOf(variable.columns[0]).values()].filter((own) => own.length === 1).length;
    return lone === 0 ? [] : [`${variable.names[0]}: ${lone} samples are alone with their label, and ${what}.`];
  });
  return [...alone, ...small];
}
