// The learners behind the scores against scikit-learn 1.2.1, run to convergence on the same data.

import { expect, test } from 'vitest';
import { boosting, lasso, linearSvm, logisticRegression } from '../../src/metrics';
import { accuracy } from '../../src/metrics/disentanglement/learners/classes';
import { problem } from './learnerProblem';

const closeTo = (values: ArrayLike<number>, expected: readonly number[], digits: number) =>
  expect(Array.from(values)).toEqual(expected.map((value) => expect.closeTo(value, digits)));

test('logistic regression has the probabilities of LogisticRegression()', () => {
  const { features, labels } = problem(1, 400, 4, 6);
  const model = logisticRegression(features, labels, 6);
  const p = model.probabilities(features);
  const of = (i: number) => p.map((row) => row[i]);
  closeTo(of(0), [0.070568, 0.487844, 0.388633, 0.051656, 0.001219, 0.000079], 4);
  closeTo(of(7), [0.003162, 0.037197, 0.379851, 0.501529, 0.070905, 0.007355], 4);
  expect(accuracy(model.predict(features), labels)).toBe(0.7425);
});

test('logistic regression of two classes penalises one weight a feature', () => {
  const { features, labels } = problem(2, 400, 4, 2);
  const p = logisticRegression(features, labels, 2).probabilities(features);
  closeTo([p[1][0], p[1][7]], [0.051337, 0.251484], 4);
});

test('logistic regression is the same on features far from 0 and of small scale', () => {
  const { features, labels } = problem(3, 1000, 5, 10);
  const small = features.map((x) => x.map((value) => 0.01 * value + 0.3));
  const p = logisticRegression(small, labels, 10).probabilities(small);
  closeTo([p[0][0], p[0][7], p[1][0], p[1][7]], [0.005003, 0.005003, 0.063164, 0.063106], 5);
});

test('linear SVM has the weights of LinearSVC(C=0.01, class_weight="balanced")', () => {
  const { features, labels } = problem(3, 1000, 5, 10);
  const model = linearSvm(features, labels, 10);
  closeTo(model.weights[0], [-0.470561, -0.470517, -0.030537, -0.032024, -0.050751, -0.986728], 5);
  closeTo(model.weights[1], [-0.553979, -0.385294, 0.005886, 0.062442, 0.063141, -0.900945], 5);
  expect(accuracy(model.predict(features), labels)).toBe(0.31);
});

test('linear SVM of two classes weighs both', () => {
  const { features, labels } = problem(2, 400, 1, 2);
  const model = linearSvm(features, labels, 2);
  closeTo(model.weights[0], [0.878495, 0.007073], 5);
  expect(accuracy(model.predict(features), labels)).toBe(0.8025);
});

test('lasso has the coefficients of Lasso(0.1)', () => {
  const { features, labels } = problem(3, 1000, 5, 10);
  const { coefficients, intercept } = lasso(features, labels, 0.1);
  closeTo(coefficients, [2.7080086, 1.1681152, 0, 0, 0], 6);
  expect(intercept).toBeCloseTo(4.5126855, 6);
});

test('one stage of boosting is that of GradientBoostingClassifier, but for ties', () => {
  const { features, labels } = problem(1, 400, 4, 6);
  closeTo(boosting(features, labels, 6, { stages: 1 }).importances, [0.599388, 0.379431, 0.021181, 0], 2);
  const fresh = problem(101, 400, 4, 6);
  const predicted = boosting(features, labels, 6, { stages: 1 }).predict(fresh.features);
  expect([...predicted.slice(0, 10)]).toEqual([1, 2, 3, 2, 2, 3, 3, 3, 2, 1]);
  const two = problem(2, 400, 4, 2);
  closeTo(boosting(two.features, two.labels, 2, { stages: 1 }).importances, [0.84481, 0.15519, 0, 0], 5);
});

// Equal gains are told apart by rounding, and scikit-learn's own importances differ by some 0.001 from seed to seed.
test('100 stages of boosting agree with GradientBoostingClassifier within its own scatter', () => {
  const { features, labels } = problem(1, 400, 4, 6);
  const fresh = problem(101, 400, 4, 6);
  const shares: number[] = [];
  const model = boosting(features, labels, 6, { onProgress: (share) => shares.push(share) });
  closeTo(model.importances, [0.591259, 0.339001, 0.042808, 0.026932], 2.6);
  expect(accuracy(model.predict(fresh.features), fresh.labels)).toBeCloseTo(0.791, 2);
  expect(shares).toHaveLength(100);
  expect(shares.at(-1)).toBe(1);
  const two = problem(2, 400, 4, 2);
  const binary = boosting(two.features, two.labels, 2);
  closeTo(binary.importances, [0.812289, 0.180079, 0.002701, 0.004931], 2.6);
  const freshTwo = problem(102, 400, 4, 2);
  expect(accuracy(binary.predict(freshTwo.features), freshTwo.labels)).toBeCloseTo(0.954, 2);
});

test('a class that the labels lack is never predicted', () => {
  const { features, labels } = problem(1, 200, 2, 3);
  const doubled = labels.map((label) => 2 * label);
  expect([...boosting(features, doubled, 6, { stages: 5 }).predict(features)].every((y) => y % 2 === 0)).toBe(true);
  expect([...linearSvm(features, doubled, 6).predict(features)].every((y) => y % 2 === 0)).toBe(true);
  const p = logisticRegression(features, doubled, 6).probabilities(features);
  expect(p).toHaveLength(6);
  expect(Math.max(...p[1])).toBe(0);
});

test('what cannot be learned is refused', () => {
  const x = [Float64Array.of(0, 1, 2)];
  expect(() => boosting(x, [1, 1, 1], 2)).toThrow(/one class only/);
  expect(() => logisticRegression(x, [0, 1], 2)).toThrow(/feature 0 has 3 samples/);
  expect(() => linearSvm(x, [0, 1, 5], 2)).toThrow(/label of sample 2 is 5/);
  expect(() => boosting([Float64Array.of(0, Number.NaN, 1)], [0, 1, 0], 2)).toThrow(/feature 0 is NaN at sample 1/);
  expect(() => lasso(x, [0, 1, 2], -1)).toThrow(/0 or more/);
});
