// The op behind every quantity of the aggregated posterior: log densities at many points over *all* components, on the
// GPU. A subset of the components would fake a negative gap: I(z; x) and I(z_-i; x) both saturate at the log of the
// number of components, and their difference goes to 0.

import {
  apply,
  call,
  constant,
  defineOp,
  InputError,
  input,
  output,
  perThread,
  ShapeError,
  type Tensor,
  type Values,
} from '../../engine';
import { expF, logF } from '../../engine/numeric';
import mixtureLogDensityKernel from '../../shaders/mixture_log_density.wgsl';
import type { Component } from './posterior';

/** The kernel keeps a point in at most three vec4s. */
export const MAX_LATENTS = 12;

const f = Math.fround;

interface Options {
  readonly blocks: number;
  /** Point p of a mixture was drawn from component p / perComponent. */
  readonly perComponent: number;
}

/** Vec4s of one component: see shaders/mixture_log_density.wgsl. */
const strideOf = (blocks: number): number => 3 * blocks + 4 * blocks * blocks + 1;

export const mixtureLogDensityRule = /* @__PURE__ */ defineOp<Options>({
  name: 'mixtureLogDensity',
  infer([points, parts], { blocks }) {
    const fits = points.shape.length === 3 && parts.shape.length === 3 && parts.shape[0] === points.shape[0];
    if (!fits || points.shape[2] !== 4 * blocks || parts.shape[2] !== 4 * strideOf(blocks)) {
      throw new ShapeError('mixtureLogDensity', 'takes padded points and components', [points.shape, parts.shape]);
    }
    return { shape: [points.shape[0], points.shape[1], 4 * (blocks + 1)], dtype: 'f32' };
  },
  kernels([points, parts], _output, { blocks, perComponent }, tuning) {
    const [mixtures, perMixture] = points.shape;
    // A component costs a product with a matrix and an exponential for each coordinate.
    const operations = parts.shape[1] * 20 * (4 * blocks) * (blocks + 1);
    return perThread(tuning, {
      kernel: mixtureLogDensityKernel,
      constants: { BLOCKS: blocks },
      sizes: [perMixture, perComponent, parts.shape[1], strideOf(blocks)],
      slots: [input(0), input(1), output],
      threads: mixtures * perMixture,
      operations,
    });
  },
  // The kernel has room for as many latents as the GPU's.
  cpu: ([points, parts], _output, { blocks, perComponent }) =>
    4 * blocks > MAX_LATENTS
      ? undefined
      : call(
          'mixture_log_density',
          [input(0), input(1), output],
          ...[points.shape[0], points.shape[1], perComponent, parts.shape[1], blocks],
        ),
  gradient: { reason: 'densities are measured, not trained' },
  reference([points, parts], result, { blocks, perComponent }) {
    const width = 4 * blocks;
    const [mixtures, perMixture] = points.shape;
    for (let point = 0; point < mixtures * perMixture; point++) {
      const mixture = Math.floor(point / perMixture);
      const z = points.data.subarray(point * width, (point + 1) * width);
      const at = (n: number) => referenceDensities(z, parts, mixture * parts.shape[1] + n, blocks);
      const own = at(Math.floor((point % perMixture) / perComponent));
      const sums = own.map(() => 0);
      for (let n = 0; n < parts.shape[1]; n++) {
        for (const [i, value] of at(n).entries()) sums[i] = f(sums[i] + expF(f(value - own[i])));
      }
      result.data.set([f(own[0] + logF(sums[0])), 0, 0, 0], point * 4 * (blocks + 1));
      for (let i = 0; i < width; i++) {
        result.data[point * 4 * (blocks + 1) + 4 + i] = f(own[1 + i] + logF(sums[1 + i]));
      }
    }
  },
});

/** Log density of the whole point, then without each coordinate, under one component: the kernel's `densities`. */
function referenceDensities(z: ArrayLike<number>, parts: Values, n: number, blocks: number): number[] {
  const width = 4 * blocks;
  const base = n * 4 * strideOf(blocks);
  const part = (index: number, coordinate: number) => parts.data[base + index * width + coordinate];
  const d = Array.from({ length: width }, (_, i) => f(z[i] - part(0, i)));
  const rowOf = (i: number) => d.map((_, column) => part(1 + column, i));
  const q = d.map((_, i) => blockwiseDot(rowOf(i), d, blocks));
  const whole = f(parts.data[base + 4 * strideOf(blocks) - 4] - f(0.5 * blockwiseDot(d, q, blocks)));
  const rest = q.map((qi, i) => f(f(whole + f(f(0.5 * f(qi * qi)) * part(width + 1, i))) - part(width + 2, i)));
  return [whole, ...rest];
}

/** The sum of products, four at a time, as the kernel adds them. */
function blockwiseDot(a: readonly number[], b: readonly number[], blocks: number): number {
  let total = 0;
  for (let block = 0; block < blocks; block++) {
    let part = f(a[4 * block] * b[4 * block]);
    for (let k = 1; k < 4; k++) part = f(part + f(a[4 * block + k] * b[4 * block + k]));
    total = block === 0 ? part : f(total + part);
  }
  return total;
}

export interface MixtureDensities {
  /** [mixtures, points, 4 (blocks + 1)]: log q(z), three zeros, then log q(z_-i) by latent; see the kernel for constants. */
  readonly tensor: Tensor;
  readonly blocks: number;
  readonly latents: number;
  /** Of each mixture. */
  readonly components: number;
}

/**
 * Log densities of `points`, for each mixture [points, latents] and equally many drawn from every component in turn.
 * Throws InputError for more than MAX_LATENTS latents.
 */
export function mixtureLogDensities(
  mixtures: readonly (readonly Component[])[],
  points: readonly Float32Array[],
): MixtureDensities {
  const latents = mixtures[0][0].mean.length;
  if (latents > MAX_LATENTS)
    throw new InputError(`the mixture kernel takes at most ${MAX_LATENTS} latents, not ${latents}`);
  const blocks = Math.ceil(latents / 4);
  const width = 4 * blocks;
  const perMixture = points[0].length / latents;
  const padded = new Float32Array(mixtures.length * perMixture * width);
  for (const [m, values] of points.entries()) {
    for (const [i, value] of values.entries()) {
      padded[(m * perMixture + Math.floor(i / latents)) * width + (i % latents)] = value;
    }
  }
  const stride = 4 * strideOf(blocks);
  const parts = new Float32Array(mixtures.length * mixtures[0].length * stride);
  for (const [m, components] of mixtures.entries()) {
    for (const [n, one] of components.entries())
      writeComponent(parts.subarray((m * components.length + n) * stride), one, width);
  }
  const perComponent = perMixture / mixtures[0].length;
  const tensor = apply(
    mixtureLogDensityRule,
    [
      constant(padded, [mixtures.length, perMixture, width]),
      constant(parts, [mixtures.length, mixtures[0].length, stride]),
    ],
    { blocks, perComponent },
  );
  return { tensor, blocks, latents, components: mixtures[0].length };
}

function writeComponent(into: Float32Array, { mean, precision, logDeterminant }: Component, width: number): void {
  for (const [i, m] of mean.entries()) {
    into[i] = m;
    for (const [j, value] of precision[i].entries()) into[(1 + j) * width + i] = value;
    into[(width + 1) * width + i] = 1 / precision[i][i];
    into[(width + 2) * width + i] = 0.5 * Math.log(precision[i][i]);
  }
  into[(width + 3) * width] = -0.5 * logDeterminant;
}

/** Log densities of the points of one mixture, nats: of the whole point, and without each coordinate. */
export interface MixtureValues {
  readonly whole: Float64Array;
  /** By latent. */
  readonly without: readonly Float64Array[];
}

const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/** What the kernel leaves out: 1 / N, and the powers of 2 pi. */
export function valuesOf(
  densities: Float32Array,
  { blocks, latents, components }: Pick<MixtureDensities, 'blocks' | 'latents' | 'components'>,
): MixtureValues {
  const width = 4 * (blocks + 1);
  const count = densities.length / width;
  const column = (at: number, dimensions: number): Float64Array => {
    const constant = dimensions * HALF_LOG_2PI + Math.log(components);
    return Float64Array.from({ length: count }, (_, s) => densities[s * width + at] - constant);
  };
  return {
    whole: column(0, latents),
    without: Array.from({ length: latents }, (_, i) => column(4 + i, latents - 1)),
  };
}

/** The same in f64, for more latents than the kernel takes. */
export function densitiesInF64(components: readonly Component[], points: Float32Array): MixtureValues {
  const latents = components[0].mean.length;
  const count = points.length / latents;
  const largest = Array.from({ length: latents + 1 }, () => new Float64Array(count).fill(Number.NEGATIVE_INFINITY));
  const sums = largest.map(() => new Float64Array(count));
  const add = (which: number, s: number, value: number): void => {
    const before = largest[which][s];
    if (value <= before) {
      sums[which][s] += Math.exp(value - before);
      return;
    }
    sums[which][s] = sums[which][s] * Math.exp(before - value) + 1;
    largest[which][s] = value;
  };
  const away = new Float64Array(latents);
  const pull = new Float64Array(latents);
  for (const { mean, precision, logDeterminant } of components) {
    for (let s = 0; s < count; s++) {
      for (let j = 0; j < latents; j++) away[j] = points[s * latents + j] - mean[j];
      let square = 0;
      for (let j = 0; j < latents; j++) {
        const row = precision[j];
        let sum = 0;
        for (let k = 0; k < latents; k++) sum += row[k] * away[k];
        pull[j] = sum;
        square += sum * away[j];
      }
      const whole = -0.5 * (square + logDeterminant);
      add(0, s, whole);
      // Without coordinate i: the Schur complement in terms of the precision.
      for (let i = 0; i < latents; i++)
        add(i + 1, s, whole + 0.5 * (pull[i] ** 2 / precision[i][i] - Math.log(precision[i][i])));
    }
  }
  const column = (which: number, dimensions: number): Float64Array => {
    const constant = dimensions * HALF_LOG_2PI + Math.log(components.length);
    return sums[which].map((sum, s) => largest[which][s] + Math.log(sum) - constant);
  };
  return {
    whole: column(0, latents),
    without: Array.from({ length: latents }, (_, i) => column(i + 1, latents - 1)),
  };
}
