// One estimate of information between two arrays, in a call: the nearest-neighbour estimators behind the arguments one has at hand.

import { InputError } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import {
  BESIDE,
  type EstimateReport,
  type EstimateRequest,
  type EstimatorName,
  estimate,
  type Variable,
} from './estimate';

/** Numbers of one variable, or several: [column][sample]. */
export type Sampled = ArrayLike<number> | readonly ArrayLike<number>[];

/** Of one estimate: a condition, which estimator, and what is said beside it. */
export interface KsgOptions extends Omit<EstimateRequest, 'x' | 'y' | 'given' | 'estimator'> {
  readonly estimator?: Exclude<EstimatorName, 'kl'>;
  /** Which of them are labels, in one column: equal or not, and nothing else. ross, mixed and fp take them. */
  readonly labels?: readonly ('x' | 'y' | 'given')[];
  /** Information given this. */
  readonly given?: Sampled;
}

/**
 * I(x; y), or I(x; y given z), nats, of samples in the same order: Kraskov, Stoegbauer, Grassberger 2004, and Frenzel, Pompe 2007 with a
 * condition, Ross 2014 with labels; `estimator` names another. What is estimated is biased towards 0 for strong dependence and negative by chance for none:
 * look at `standardError`, `ceiling` and `warnings`. Throws InputError for arrays of different lengths, too few samples for k
 * neighbours, numbers that are not finite, and an option that there is not.
 */
export function ksg(x: Sampled, y: Sampled, options: KsgOptions = {}): EstimateReport {
  refuseUnknown<KsgOptions>('ksg', options, { ...BESIDE, labels: true });
  const { given, labels = [], ...rest } = options;
  const variableOf = (name: 'x' | 'y' | 'given', sampled: Sampled): Variable => ({
    ...columnsOf(name, sampled),
    discrete: labels.includes(name),
  });
  return estimate({
    ...rest,
    x: variableOf('x', x),
    y: variableOf('y', y),
    ...(given === undefined ? {} : { given: variableOf('given', given) }),
  });
}

const isColumns = (sampled: Sampled): sampled is readonly ArrayLike<number>[] => typeof sampled[0] === 'object';

function columnsOf(name: string, sampled: Sampled): Pick<Variable, 'columns' | 'names'> {
  if (typeof sampled !== 'object' || sampled === null || !(sampled.length > 0))
    throw new InputError(`ksg: ${name} is no array of numbers, or has none`);
  const columns = (isColumns(sampled) ? sampled : [sampled]).map((column) => Float64Array.from(column));
  return { columns, names: columns.map((_, j) => (columns.length === 1 ? name : `${name}[${j}]`)) };
}
