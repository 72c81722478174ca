// The work that is compared: its operands, which all competitors get alike, and how a wrong answer is told from a right one.

import { arbitrary } from '../data';

export interface Matmul {
  readonly kind: 'matmul';
  readonly m: number;
  readonly n: number;
  readonly k: number;
  /** [m, k] and [k, n] */
  readonly a: Float32Array;
  readonly b: Float32Array;
}

/** An initial value: dense weights [in, out], kernels [height, width, in, out], transposed ones [in, height, width, out]. */
export interface Parameter {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/** After how many steps the losses are compared, and what share of the median of all one may be away from it. */
export interface LossCheck {
  readonly steps: number;
  readonly tolerance: number;
}

export interface Step {
  readonly kind: 'vae-mlp' | 'vae-conv';
  readonly batch: number;
  readonly pixels: number;
  readonly images: Float32Array;
  readonly check: LossCheck;
  /** Weights and bias of every layer in turn; the head puts out means, then log standard deviations. */
  readonly initial: readonly Parameter[];
}

export type Work = Matmul | Step;

export interface Case {
  readonly name: string;
  make(): Work;
}

/** What all training steps share. */
export const LATENTS = 6;
export const BETA = 4;
export const ADAM = { rate: 2e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 } as const;

const USUAL_CHECK: LossCheck = { steps: 30, tolerance: 0.006 };
/**
 * Where a step of the slowest takes 20 s without a GPU. Each draws noise of its own, which matters more after few steps: over
 * seeds the loss has a standard deviation of 0.3 % then.
 */
const SHORT_CHECK: LossCheck = { steps: 4, tolerance: 0.012 };

const uniform = (length: number, low: number): Float32Array =>
  Float32Array.from({ length }, () => low + (1 - low) * arbitrary());

/** Box and Muller's method. */
const normal = (): number => Math.sqrt(-2 * Math.log(arbitrary())) * Math.cos(2 * Math.PI * arbitrary());

function layer(shape: readonly number[], inputs: number, outputs: number, gain: number): Parameter[] {
  const size = shape.reduce((product, each) => product * each, 1);
  const deviation = Math.sqrt(gain / inputs);
  return [
    { shape, values: Float32Array.from({ length: size }, () => deviation * normal()) },
    { shape: [outputs], values: new Float32Array(outputs) },
  ];
}

const dense = (from: number, to: number, gain = 2): Parameter[] => layer([from, to], from, to, gain);

function mlpStep(): Step {
  const [batch, pixels] = [64, 256];
  const encoder = [...dense(pixels, 64), ...dense(64, 64), ...dense(64, 2 * LATENTS, 0.01)];
  const decoder = [...dense(LATENTS, 64), ...dense(64, 64), ...dense(64, pixels, 1)];
  const images = uniform(batch * pixels, 0);
  return { kind: 'vae-mlp', batch, pixels, images, check: USUAL_CHECK, initial: [...encoder, ...decoder] };
}

/** Where an image of `side` pixels has been halved twice, 32 channels deep. */
export const flatOf = (side: number): number => 32 * (side / 4) ** 2;

function convStep(side: number, batch: number, check: LossCheck): Step {
  const pixels = side * side;
  const flat = flatOf(side);
  const encoder = [
    ...layer([4, 4, 1, 16], 16, 16, 2),
    ...layer([4, 4, 16, 32], 256, 32, 2),
    ...dense(flat, 64),
    ...dense(64, 2 * LATENTS, 0.01),
  ];
  // Four windows of a transposed kernel meet in a pixel, so a pixel has a quarter of the kernel's entries as inputs.
  const decoder = [
    ...dense(LATENTS, flat),
    ...layer([32, 4, 4, 16], 4 * 32, 16, 2),
    ...layer([16, 4, 4, 1], 4 * 16, 1, 1),
  ];
  const images = uniform(batch * pixels, 0);
  return { kind: 'vae-conv', batch, pixels, images, check, initial: [...encoder, ...decoder] };
}

const matmul = (m: number, n: number, k: number): Case => ({
  name: `matmul/nn/${m}x${n}x${k}`,
  make: () => ({ kind: 'matmul', m, n, k, a: uniform(m * k, -1), b: uniform(k * n, -1) }),
});

/** Squares, then the layers of the MLP with a batch of 64, then whole steps. */
export const cases: readonly Case[] = [
  ...[128, 256, 512, 1024].map((n) => matmul(n, n, n)),
  matmul(64, 64, 256),
  matmul(64, 64, 64),
  matmul(64, 27, 64),
  matmul(64, 64, 6),
  matmul(64, 256, 64),
  { name: 'step/vae-mlp', make: mlpStep },
  { name: 'step/vae-conv', make: () => convStep(32, 16, USUAL_CHECK) },
  { name: 'step/vae-conv-64', make: () => convStep(64, 64, SHORT_CHECK) },
];

/** Entries of a product that are computed again here. */
const CHECKED = 64;
const TOLERANCE = 1e-5;

/** Throws unless some entries of the product are what a plain loop in double precision gives. */
export function checkProduct({ m, n, k, a, b }: Matmul, c: Float32Array): void {
  if (c.length !== m * n) throw new Error(`wrong answer: ${c.length} entries instead of ${m * n}`);
  for (let check = 0; check < CHECKED; check++) {
    // A stride that is prime to every size visits rows and columns alike; the last entry is always among them.
    const at = m * n - 1 - ((check * 10_007) % (m * n));
    const [i, j] = [Math.floor(at / n), at % n];
    let [sum, magnitude] = [0, 0];
    for (let d = 0; d < k; d++) {
      const product = a[i * k + d] * b[d * n + j];
      sum += product;
      magnitude += Math.abs(product);
    }
    if (!(Math.abs(c[at] - sum) <= TOLERANCE * magnitude)) {
      throw new Error(`wrong answer: entry ${i}, ${j} is ${c[at]} instead of ${sum}`);
    }
  }
}
