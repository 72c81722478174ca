// Convolution and transposed convolution over a population: images [R, rows, height, width, channels], channels last. Both
// are a matrix product next to `patches` or `assemble`, so their gradients, to any order, need no rule of their own.

import { ShapeError } from '../errors';
import { sizeOf } from '../graph/shape';
import { reshape, type Tensor } from '../graph/tensor';
import { add } from './binary';
import { linear, matmul } from './matmul';
import { assemble, bordersOf, patches, type Window } from './patches';
import { relu } from './unary';

function checkImages(op: string, { shape }: Tensor): void {
  if (shape.length !== 5) throw new ShapeError(op, 'takes images [replicas, rows, height, width, channels]', [shape]);
}

/**
 * act(x * W + bias): x [R or 1, rows, height, width, in], W [R, kernel height x kernel width x in, out], bias [R, out] give
 * [R, rows, down, across, out] with down = floor((height + borders - kernel) / stride) + 1. The kernel is not flipped.
 * Throws ShapeError where sizes do not meet.
 */
export function convolve(
  x: Tensor,
  weights: Tensor,
  bias: Tensor,
  window: Window,
  activation: 'none' | 'relu' = 'none',
): Tensor {
  checkImages('convolve', x);
  const windows = patches(x, window);
  const [replicas, rows, down, across, inner] = windows.shape;
  const flat = reshape(windows, [replicas, rows * down * across, inner]);
  const y = linear(flat, weights, bias, activation);
  return reshape(y, [y.shape[0], rows, down, across, y.shape[2]]);
}

/**
 * The adjoint of a convolution, as a layer: x [R, rows, height, width, in], W [R, in, kernel height x kernel width x out],
 * bias [R, out] give [R, rows, (height - 1) stride + kernel - borders, ..., out]. Throws ShapeError where sizes do not meet.
 */
export function convolveTransposed(
  x: Tensor,
  weights: Tensor,
  bias: Tensor,
  window: Window,
  activation: 'none' | 'relu' = 'none',
): Tensor {
  checkImages('convolveTransposed', x);
  const [, rows, height, width, channels] = x.shape;
  const { kernel, stride = 1 } = window;
  const [top, bottom, left, right] = bordersOf(window);
  const parts = matmul(reshape(x, [x.shape[0], rows * height * width, channels]), weights);
  const [replicas] = parts.shape;
  const out = parts.shape[2] / sizeOf(kernel);
  const size = [(height - 1) * stride + kernel[0] - top - bottom, (width - 1) * stride + kernel[1] - left - right];
  const image = assemble(parts, window, [replicas, rows, ...size, out]);
  const shifted = add(image, reshape(bias, [replicas, 1, 1, 1, out]));
  return activation === 'relu' ? relu(shifted) : shifted;
}
