// The classes of a classification problem as the learners see them: only those that occur in the training labels, renumbered
// from 0 in ascending order, as scikit-learn's `LabelEncoder` does.

import { InputError } from '../../../engine';

export interface PresentClasses {
  /** The label of every class that occurs, ascending. */
  readonly values: Int32Array;
  /** Every sample's class, as an index into `values`. */
  readonly index: Int32Array;
  /** Samples of every class that occurs. */
  readonly counts: Int32Array;
}

/**
 * The classes of `labels`, whole numbers 0 ... classes - 1, one for every sample of features [d][n]. Throws InputError, in
 * the name of `learner`, for a length that does not fit, a label out of range, or fewer than two classes.
 */
export function presentClasses(
  learner: string,
  features: readonly ArrayLike<number>[],
  labels: ArrayLike<number>,
  classes: number,
): PresentClasses {
  if (features.length === 0) throw new InputError(`${learner}: there is no feature to learn from`);
  features.forEach((values, f) => {
    if (values.length !== labels.length)
      throw new InputError(
        `${learner}: feature ${f} has ${values.length} samples where there are ${labels.length} labels`,
      );
    for (let i = 0; i < values.length; i++) {
      if (!Number.isFinite(values[i])) throw new InputError(`${learner}: feature ${f} is ${values[i]} at sample ${i}`);
    }
  });
  const all = new Int32Array(classes);
  for (let i = 0; i < labels.length; i++) {
    const label = labels[i];
    if (!(Number.isInteger(label) && label >= 0 && label < classes))
      throw new InputError(`${learner}: the label of sample ${i} is ${label}, not a whole number below ${classes}`);
    all[label]++;
  }
  const values = Int32Array.from(all.keys()).filter((label) => all[label] > 0);
  if (values.length < 2)
    throw new InputError(`${learner}: the labels have one class only, so there is nothing to learn`);
  const rank = new Int32Array(classes);
  values.forEach((label, at) => {
    rank[label] = at;
  });
  return {
    values,
    index: Int32Array.from(labels, (label) => rank[label]),
    counts: values.map((label) => all[label]),
  };
}

/** The label with the largest of `scores` [class][n] of every sample; of equal ones the first. */
export function largest(scores: readonly ArrayLike<number>[], values: Int32Array): Int32Array {
  return Int32Array.from({ length: scores[0].length }, (_, i) => {
    let best = 0;
    for (let c = 1; c < scores.length; c++) if (scores[c][i] > scores[best][i]) best = c;
    return values[best];
  });
}

/** The share of `predicted` that is `labels`. */
export function accuracy(predicted: ArrayLike<number>, labels: ArrayLike<number>): number {
  let right = 0;
  for (let i = 0; i < labels.length; i++) if (predicted[i] === labels[i]) right++;
  return right / labels.length;
}
