// What a decoder's output means: logits of independent pixels, or means of normal ones with one known deviation.

import {
  add,
  bernoulliNegativeLogLikelihood,
  InputError,
  mul,
  scalar,
  sigmoid,
  square,
  sub,
  sum,
  type Tensor,
} from '../engine';

/** What a decoder's output means: the density of an example, and its expectation. */
export interface Likelihood {
  readonly name: string;
  /** -ln p(x | z) of decoded rows [R, rows, numbers] and examples [R or 1, rows, numbers]: [R, rows], nats. */
  nll(decoded: Tensor, examples: Tensor): Tensor;
  /** E x given z. */
  mean(decoded: Tensor): Tensor;
}

/** Independent pixels in 0 ... 1 by their logits. */
export const bernoulli: Likelihood = { name: 'bernoulli', nll: bernoulliNegativeLogLikelihood, mean: sigmoid };

/** N(decoded, deviation^2) for each number: |x - decoded|^2 / (2 deviation^2) + n ln(2 pi deviation^2) / 2. */
export function gaussian(deviation: number): Likelihood {
  if (!(deviation > 0))
    throw new InputError(`the deviation of the Gaussian likelihood is ${deviation}; it must be above 0`);
  const [slope, each] = [0.5 / deviation ** 2, 0.5 * Math.log(2 * Math.PI * deviation ** 2)];
  return {
    name: 'gaussian',
    nll(decoded, examples) {
      const distance = sum(square(sub(decoded, examples)), [2]);
      return add(mul(distance, scalar(slope)), scalar(each * decoded.shape[2]));
    },
    mean: (decoded) => decoded,
  };
}
