// One estimate of information between two arrays, in a call: the nearest-neighbour estimators behind the arguments one has at hand.

import { refuseUnknown } from '../../engine/options';
import { type EstimateReport, type EstimateRequest, estimate, type Variable } from './estimate';

/** Numbers of one variable, or several: [column][sample]. */
export type Sampled = ArrayLike<number> | readonly ArrayLike<number>[];

/** Of one estimate: a condition, which estimator, and what is said beside it. */
export interface KsgOptions extends Omit<EstimateRequest, 'x' | 'y' | 'given'> {
  /** Information given this. */
  readonly given?: Sampled;
}

/**
 * I(x; y), or I(x; y given z), nats, of samples in the same order: Kraskov, Stoegbauer, Grassberger 2004, and Frenzel, Pompe 2007 with a
 * condition; `estimator` names another. What is estimated is biased towards 0 for strong dependence and negative by chance for none:
 * look at `standardError`, `ceiling` and `warnings`. Throws InputError for arrays of different lengths, too few samples for k
 * neighbours, numbers that are not finite, and an option that there is not.
 */
export function ksg(x: Sampled, y: Sampled, options: KsgOptions = {}): EstimateReport {
  refuseUnknown<KsgOptions>('ksg', options, {
    given: true,
    estimator: true,
    k: true,
    metric: true,
    marginals: true,
    dequantise: true,
    permutations: true,
    standardError: true,
    seed: true,
  });
  const { given, ...rest } = options;
  return estimate({
    ...rest,
    x: variableOf('x', x),
    y: variableOf('y', y),
    ...(given === undefined ? {} : { given: variableOf('given', given) }),
  });
}

const isColumns = (sampled: Sampled): sampled is readonly ArrayLike<number>[] => typeof sampled[0] === 'object';

function variableOf(name: string, sampled: Sampled): Variable {
  const columns = (isColumns(sampled) ? sampled : [sampled]).map((column) => Float64Array.from(column));
  return { columns, names: columns.map((_, j) => (columns.length === 1 ? name : `${name}[${j}]`)) };
}
