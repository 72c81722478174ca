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

test('linear SVM has the lines of LinearSVC(C=0.01, class_weight="balanced")', () => {
  const { features, labels } = problem(3, 1000, 5, 10);
  const model = linearSvm(features[0], labels, 10);
  const numbers = model.lines.slice(0, 3).flatMap(({ weight, bias }) => [weight, bias]);
  closeTo(numbers, [-0.4811333, -0.87681701, -0.5144742, -0.84262576, -0.39645641, -0.77898882], 7);
  expect(accuracy(model.predict(features[0]), labels)).toBe(0.248);
});

test('linear SVM of a feature far from 0: the bias is penalised', () => {
  const { features, labels } = problem(3, 1000, 5, 10);
  const far = features[0].map((x) => 0.1 * x + 3);
  const model = linearSvm(far, labels, 10);
  const numbers = model.lines.slice(0, 3).flatMap(({ weight, bias }) => [weight, bias]);
  // liblinear stops short of its own tolerance here.
  closeTo(numbers, [-0.27687086, 0.01050891, -0.27258146, 0.00925858, -0.26432216, -0.0055373], 4);
});

test('linear SVM of two classes weighs both', () => {
  const { features, labels } = problem(2, 400, 1, 2);
  const model = linearSvm(features[0], labels, 2);
  closeTo([model.lines[1].weight, model.lines[1].bias], [0.878495, 0.007073], 5);
  expect(accuracy(model.predict(features[0]), labels)).toBe(0.8025);
});

test('the loss that half lines give is the least there is, ties and an empty side included', () => {
  const feature = Float64Array.of(0, 0, 0, 1, 1, 2, 2, 2, 5);
  const labels = Int32Array.of(0, 1, 0, 1, 1, 2, 2, 1, 2);
  const lossOf = (k: number, weight: number, bias: number) =>
    feature.reduce(
      (total, x, i) => {
        const sign = labels[i] === k ? 1 : -1;
        const cost = sign > 0 ? (0.5 * 9) / (3 * labels.filter((label) => label === k).length) : 0.5;
        return total + cost * Math.max(0, 1 - sign * (weight * x + bias)) ** 2;
      },
      (weight ** 2 + bias ** 2) / 2,
    );
  for (const [k, { weight, bias }] of linearSvm(feature, labels, 3, { c: 0.5 }).lines.entries()) {
    const least = lossOf(k, weight, bias);
    for (const [w, b] of [
      [1e-4, 0],
      [-1e-4, 0],
      [0, 1e-4],
      [0, -1e-4],
      [1e-4, -1e-4],
      [-1e-4, 1e-4],
    ])
      expect(lossOf(k, weight + w, bias + b)).toBeGreaterThan(least);
  }
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
  expect([...linearSvm(features[0], doubled, 6).predict(features[0])].every((y) => y % 2 === 0)).toBe(true);
  const p = logisticRegression(features, doubled, 6).probabilities(features);
  expect(p).toHaveLength(6);
  expect(Math.max(...p[1])).toBe(0);
});

test('what cannot be learned is refused', () => {
  const x = [Float64Array.of(0, 1, 2)];
  expect(() => boosting(x, [1, 1, 1], 2)).toThrow(/one class only/);
  expect(() => logisticRegression(x, [0, 1], 2)).toThrow(/feature 0 has 3 samples/);
  expect(() => linearSvm(x[0], [0, 1, 5], 2)).toThrow(/label of sample 2 is 5/);
  expect(() => boosting([Float64Array.of(0, Number.NaN, 1)], [0, 1, 0], 2)).toThrow(/feature 0 is NaN at sample 1/);
  expect(() => lasso(x, [0, 1, 2], -1)).toThrow(/0 or more/);
});
