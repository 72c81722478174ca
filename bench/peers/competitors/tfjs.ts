// TensorFlow.js on its WebGPU and WebAssembly backends, with its own optimiser and the fused layers it has.

import * as wasm from '@tensorflow/tfjs-backend-wasm';
import plain from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm.wasm';
import simd from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-simd.wasm';
import threaded from '@tensorflow/tfjs-backend-wasm/dist/tfjs-backend-wasm-threaded-simd.wasm';
import '@tensorflow/tfjs-backend-webgpu';
import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients';
import { ADAM, BETA, flatOf, LATENTS, type Matmul, type Step } from '../cases';
import { permuted } from '../layout';
import type { Competitor, Prepared } from './competitor';

const urlOf = (bytes: Uint8Array<ArrayBuffer>) => URL.createObjectURL(new Blob([bytes], { type: 'application/wasm' }));

export function tfjs(backend: 'webgpu' | 'wasm'): Competitor {
  const activate = async () => {
    if (!(await tf.setBackend(backend))) throw new Error(`the ${backend} backend did not start`);
  };
  return {
    name: `tfjs-${backend}`,
    async open() {
      tf.enableProdMode();
      if (backend === 'wasm') {
        wasm.setWasmPaths({
          'tfjs-backend-wasm.wasm': urlOf(plain),
          'tfjs-backend-wasm-simd.wasm': urlOf(simd),
          'tfjs-backend-wasm-threaded-simd.wasm': urlOf(threaded),
        });
      }
      await activate();
    },
    activate,
    prepare: (work) => Promise.resolve(work.kind === 'matmul' ? prepareMatmul(work) : prepareStep(work)),
  };
}

function prepareMatmul({ m, n, k, a, b }: Matmul): Prepared {
  const x = tf.tensor2d(a, [m, k]);
  const y = tf.tensor2d(b, [k, n]);
  return {
    async run(times) {
      for (let i = 1; i < times; i++) tf.matMul(x, y).dispose();
      const last = tf.matMul(x, y);
      const values = await last.data<'float32'>();
      last.dispose();
      return values;
    },
    dispose: () => tf.dispose([x, y]),
  };
}

type Model = (
  images: tf.Tensor2D,
  noise: () => tf.Tensor2D,
) => { logits: tf.Tensor2D; mean: tf.Tensor; log: tf.Tensor };

function prepareStep({ kind, batch, pixels, images, initial }: Step): Prepared {
  const variables = initial.map(({ shape, values }) => {
    const transposed = shape.length === 4 && shape[0] !== shape[1];
    return transposed
      ? tf.variable(tf.tensor(permuted(values, shape, [1, 2, 3, 0]), [shape[1], shape[2], shape[3], shape[0]]))
      : tf.variable(tf.tensor(values, [...shape]));
  });
  const x = tf.tensor2d(images, [batch, pixels]);
  const model = kind === 'vae-mlp' ? mlp(variables) : convolutional(variables);
  const optimizer = tf.train.adam(ADAM.rate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  const noise = () => tf.randomNormal<tf.Rank.R2>([batch, LATENTS]);
  const loss = (): tf.Scalar => {
    const { logits, mean, log } = model(x, noise);
    const reconstruction = tf.sum(tf.sub(tf.softplus(logits), tf.mul(x, logits)));
    const variance = tf.exp(tf.mul(log, 2));
    const divergence = tf.sum(tf.sub(tf.sub(tf.add(variance, tf.square(mean)), tf.mul(log, 2)), 1));
    return tf.div<tf.Scalar>(tf.add(reconstruction, tf.mul(divergence, BETA / 2)), batch);
  };
  const [, bias] = variables;
  return {
    async run(times) {
      for (let i = 1; i < times; i++) optimizer.minimize(loss, false, variables);
      const last = optimizer.minimize(loss, true, variables);
      if (last === null) throw new Error('the optimiser returned no loss');
      const [value] = await Promise.all([last.data<'float32'>(), bias.data()]);
      last.dispose();
      return value;
    },
    dispose() {
      optimizer.dispose();
      tf.dispose([...variables, x]);
    },
  };
}

const dense = (x: tf.Tensor, weights: tf.Tensor, bias: tf.Tensor, activation?: 'relu'): tf.Tensor2D =>
  tf.fused.matMul({ a: x as tf.Tensor2D, b: weights as tf.Tensor2D, bias, activation }) as tf.Tensor2D;

function sample(head: tf.Tensor2D, noise: tf.Tensor2D) {
  const [mean, log] = tf.split(head, 2, 1);
  return { mean, log, latents: tf.add(mean, tf.mul(tf.exp(log), noise)) };
}

const mlp =
  ([w1, b1, w2, b2, w3, b3, w4, b4, w5, b5, w6, b6]: readonly tf.Tensor[]): Model =>
  (x, noise) => {
    const head = dense(dense(dense(x, w1, b1, 'relu'), w2, b2, 'relu'), w3, b3);
    const { mean, log, latents } = sample(head, noise());
    return { mean, log, logits: dense(dense(dense(latents, w4, b4, 'relu'), w5, b5, 'relu'), w6, b6) };
  };

const convolutional =
  ([w1, b1, w2, b2, w3, b3, w4, b4, w5, b5, w6, b6, w7, b7]: readonly tf.Tensor[]): Model =>
  (x, noise) => {
    const [batch, pixels] = x.shape;
    const side = Math.sqrt(pixels);
    const convolve = (image: tf.Tensor4D, filter: tf.Tensor, bias: tf.Tensor) =>
      tf.fused.conv2d({ x: image, filter: filter as tf.Tensor4D, strides: 2, pad: 1, bias, activation: 'relu' });
    const transposed = (image: tf.Tensor4D, filter: tf.Tensor, bias: tf.Tensor, size: number): tf.Tensor4D =>
      tf.add(tf.conv2dTranspose(image, filter as tf.Tensor4D, [batch, size, size, bias.shape[0]], 2, 1), bias);
    const second = convolve(convolve(tf.reshape(x, [batch, side, side, 1]), w1, b1), w2, b2);
    const head = dense(dense(tf.reshape(second, [batch, flatOf(side)]), w3, b3, 'relu'), w4, b4);
    const { mean, log, latents } = sample(head, noise());
    const grown = tf.reshape<tf.Rank.R4>(dense(latents, w5, b5, 'relu'), [batch, side / 4, side / 4, 32]);
    const third = tf.relu(transposed(grown, w6, b6, side / 2));
    return { mean, log, logits: tf.reshape(transposed(third, w7, b7, side), [batch, pixels]) };
  };
