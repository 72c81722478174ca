// M_i(c) on the decoder's side: z_i ~ N(0, 1), the other latents at c, x drawn from the decoder's likelihood. Since z_i is
// one number, p(x | c) is a one-dimensional integral over it: the trapezoid rule has no nested sampling bias, and local
// values are independent. The nodes are doubled until the estimate moves by less than a tenth of its standard error; where
// it never does, nothing is claimed. Nested Monte Carlo would be biased upwards by an amount that depends on c.

import { InputError } from '../../engine';
import { normalQuantile } from '../../math/normal';
import { meanOf, varianceOf } from '../../math/statistics';
import type { Draw } from './draw';

/** What a decoder says of an example: see `decoderInformation`. */
export type Likelihood = { readonly kind: 'gaussian'; readonly deviation: number } | { readonly kind: 'bernoulli' };

/** The decoder along one latent: outputs (means, or Bernoulli logits) [values][pixels] at values of z_i, others at c. */
export type DecodeAlong = (values: Float64Array) => Promise<readonly ArrayLike<number>[]>;

/** Information of a latent at one example, by what a decoder shows. */
export interface DecoderPointwise {
  readonly nats: number;
  readonly standardError: number;
  /** Local values, independent: for a test over values of c. */
  readonly local: Float64Array;
  /** Nodes that sufficed. */
  readonly nodes: number;
}

const REACH = 6;
const FIRST_NODES = 128;
const MOST_NODES = 8192;
/** Nats: the mass of a normal beyond +-6 is 2e-9. */
const SETTLED = 1e-6;

/** Throws InputError where even 8,192 nodes do not settle the integral: the information is too large for it. */
export async function decoderInformation(
  decode: DecodeAlong,
  likelihood: Likelihood,
  samples: number,
  draw: Draw,
): Promise<DecoderPointwise> {
  const latent = Float64Array.from({ length: samples }, () => normalQuantile(draw.uniform()));
  const outputs = await decode(latent);
  const images = outputs.map((output) => observe(output, likelihood, draw));
  const own = Float64Array.from(images, (image, t) => logLikelihood(image, outputs[t], likelihood));
  let before = Number.NaN;
  for (let nodes = FIRST_NODES; nodes <= MOST_NODES; nodes *= 2) {
    const step = (2 * REACH) / nodes;
    const grid = Float64Array.from({ length: nodes + 1 }, (_, m) => -REACH + m * step);
    const means = await decode(grid);
    const logPrior = grid.map((z) => -0.5 * (z * z + Math.log(2 * Math.PI)) + Math.log(step));
    const local = Float64Array.from(images, (image, t) => {
      const terms = means.map((mean, m) => logPrior[m] + logLikelihood(image, mean, likelihood));
      const largest = terms.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
      return own[t] - largest - Math.log(terms.reduce((sum, term) => sum + Math.exp(term - largest), 0));
    });
    const nats = meanOf(local);
    const standardError = Math.sqrt(varianceOf(local, 1) / samples);
    if (Math.abs(nats - before) <= Math.max(0.1 * standardError, SETTLED)) return { nats, standardError, local, nodes };
    before = nats;
  }
  throw new InputError(
    `M(c) did not settle with ${MOST_NODES} nodes: the decoder is too sharp along this latent (about ${before.toFixed(1)} nats); use a wider likelihood`,
  );
}

function observe(output: ArrayLike<number>, likelihood: Likelihood, draw: Draw): Float64Array {
  if (likelihood.kind === 'gaussian') {
    return Float64Array.from(output, (mean) => mean + likelihood.deviation * normalQuantile(draw.uniform()));
  }
  return Float64Array.from(output, (logit) => Number(draw.uniform() < 1 / (1 + Math.exp(-logit))));
}

/** Up to a constant that does not depend on the output, and so cancels. */
function logLikelihood(image: Float64Array, output: ArrayLike<number>, likelihood: Likelihood): number {
  let total = 0;
  if (likelihood.kind === 'gaussian') {
    for (let p = 0; p < image.length; p++) total -= (image[p] - output[p]) ** 2;
    return total / (2 * likelihood.deviation ** 2);
  }
  for (let p = 0; p < image.length; p++) {
    const logit = output[p];
    total += image[p] * logit - Math.max(logit, 0) - Math.log1p(Math.exp(-Math.abs(logit)));
  }
  return total;
}
