// A training step of jax-js as one function to be jitted: noise, loss, gradient and Adam are compiled together.

import type { Array as JaxArray } from '@jax-js/jax';
import { ADAM, BETA, flatOf, LATENTS, type Parameter, type Step } from '../cases';
import { permuted } from '../layout';
import type { Jax } from './jax';

// Types, not interfaces, since jax-js takes trees of arrays with an index.
type Moments = {
  parameters: JaxArray[];
  first: JaxArray[];
  second: JaxArray[];
  /** Steps made. */
  count: JaxArray;
};

type State = Moments & { key: JaxArray };

type Model = (
  parameters: readonly JaxArray[],
  images: JaxArray,
  key: JaxArray,
) => { logits: JaxArray; mean: JaxArray; log: JaxArray };

export function stepOf(library: Jax, { kind, batch }: Step) {
  const { numpy: np, nn, random, valueAndGrad } = library;
  const model = kind === 'vae-mlp' ? mlp(library) : convolutional(library);
  const lossOf = (parameters: JaxArray[], images: JaxArray, key: JaxArray): JaxArray => {
    const { logits, mean, log } = model(parameters, images.ref, key);
    const reconstruction = np.sum(nn.softplus(logits.ref).sub(images.mul(logits)));
    const variance = np.exp(log.ref.mul(2));
    const divergence = np.sum(variance.add(np.square(mean)).sub(log.mul(2)).sub(1));
    return reconstruction.add(divergence.mul(BETA / 2)).div(batch);
  };
  return ({ key, ...moments }: State, images: JaxArray): { state: State; loss: JaxArray } => {
    const [next, used] = random.split(key);
    const parameters = moments.parameters.map((each) => each.ref);
    const [loss, gradients] = valueAndGrad(lossOf)(parameters, images, used);
    return { state: { ...adam(library, moments, gradients), key: next }, loss };
  };
}

function adam({ numpy: np }: Jax, { parameters, first, second, count }: Moments, gradients: JaxArray[]): Moments {
  const made = count.add(1);
  const correction = (beta: number) => np.array(1).sub(np.exp(made.ref.mul(Math.log(beta))));
  const blend = (old: JaxArray, value: JaxArray, beta: number) => old.mul(beta).add(value.mul(1 - beta));
  const rate = np.array(ADAM.rate).div(correction(ADAM.beta1));
  const scale = np.sqrt(correction(ADAM.beta2));
  const m = first.map((each, i) => blend(each, gradients[i].ref, ADAM.beta1));
  const v = second.map((each, i) => blend(each, np.square(gradients[i]), ADAM.beta2));
  const updated = parameters.map((each, i) => {
    const deviation = np.sqrt(v[i].ref).div(scale.ref).add(ADAM.epsilon);
    return each.sub(m[i].ref.mul(rate.ref).div(deviation));
  });
  rate.dispose();
  scale.dispose();
  return { parameters: updated, first: m, second: v, count: made };
}

const dense = ({ numpy: np }: Jax, x: JaxArray, weights: JaxArray, bias: JaxArray): JaxArray =>
  np.matmul(x, weights).add(bias);

function sample({ numpy: np, random }: Jax, head: JaxArray, key: JaxArray) {
  const noise = random.normal(key, [head.shape[0], LATENTS]);
  const [mean, log] = np.split(head, 2, 1);
  return { mean, log, latents: mean.ref.add(np.exp(log.ref).mul(noise)) };
}

function mlp(library: Jax): Model {
  const { relu } = library.nn;
  const layers = (x: JaxArray, [w1, b1, w2, b2, w3, b3]: readonly JaxArray[]): JaxArray => {
    const first = relu(dense(library, x, w1, b1));
    return dense(library, relu(dense(library, first, w2, b2)), w3, b3);
  };
  return (parameters, images, key) => {
    const { mean, log, latents } = sample(library, layers(images, parameters.slice(0, 6)), key);
    return { mean, log, logits: layers(latents, parameters.slice(6)) };
  };
}

const BORDER: [number, number][] = [
  [1, 1],
  [1, 1],
];

function convolutional(library: Jax): Model {
  const { lax, nn } = library;
  const shifted = (image: JaxArray, bias: JaxArray) => image.add(bias.reshape([1, -1, 1, 1]));
  const convolve = (image: JaxArray, kernel: JaxArray, bias: JaxArray) =>
    nn.relu(shifted(lax.conv(image, kernel, [2, 2], BORDER), bias));
  const transposed = (image: JaxArray, kernel: JaxArray, bias: JaxArray) =>
    shifted(lax.convTranspose(image, kernel, [2, 2], BORDER, { transposeKernel: true }), bias);
  return ([w1, b1, w2, b2, w3, b3, w4, b4, w5, b5, w6, b6, w7, b7], images, key) => {
    const [batch, pixels] = images.shape;
    const side = Math.sqrt(pixels);
    const second = convolve(convolve(images.reshape([batch, 1, side, side]), w1, b1), w2, b2);
    const hidden = nn.relu(dense(library, second.reshape([batch, flatOf(side)]), w3, b3));
    const { mean, log, latents } = sample(library, dense(library, hidden, w4, b4), key);
    const grown = nn.relu(dense(library, latents, w5, b5)).reshape([batch, 32, side / 4, side / 4]);
    const third = nn.relu(transposed(grown, w6, b6));
    return { mean, log, logits: transposed(third, w7, b7).reshape([batch, pixels]) };
  };
}

/**
 * A parameter in the layout of jax-js, where channels come first: kernels are [out, in, height, width], transposed ones
 * [in, out, height, width], and so are the rows or columns of the dense layers next to an image of 32 channels. The
 * biases there start at 0, in any order.
 */
export function native({ shape, values }: Parameter, pixels: number): Parameter {
  const quarter = Math.sqrt(pixels) / 4;
  const flat = flatOf(4 * quarter);
  const [rows, columns] = shape;
  if (shape.length === 4) {
    const order = rows === columns ? [3, 2, 0, 1] : [0, 3, 1, 2];
    return { shape: order.map((axis) => shape[axis]), values: permuted(values, shape, order) };
  }
  if (shape.length === 2 && rows === flat)
    return { shape, values: permuted(values, [quarter, quarter, 32, columns], [2, 0, 1, 3]) };
  if (columns === flat) return { shape, values: permuted(values, [rows, quarter, quarter, 32], [0, 3, 1, 2]) };
  return { shape, values };
}
