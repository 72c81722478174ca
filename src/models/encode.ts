// Using a trained population: posteriors of examples, and images of latents.

import { constant, type Executor, reshape, type Tensor, withProgram } from '../engine';
import type { Vae } from './vae';

/** The packed posterior of every example in every replica: [R, examples, width], row-major. */
export async function encode(executor: Executor, model: Vae, examples: Tensor): Promise<Float32Array> {
  const packed = model.encode(reshape(examples, [1, ...examples.shape]));
  return withProgram(executor, { outputs: { packed } }, async (program) => {
    await program.run();
    return program.read('packed');
  });
}

/** Expected examples [R, rows, input], pixel probabilities or means, of latents [R, rows, latents], both row-major. */
export async function decode(executor: Executor, model: Vae, latents: Float32Array): Promise<Float32Array> {
  const width = model.posterior.latents;
  const rows = latents.length / width / model.replicas;
  const pixels = model.likelihood.mean(model.decode(constant(latents, [model.replicas, rows, width])));
  return withProgram(executor, { outputs: { pixels } }, async (program) => {
    await program.run();
    return program.read('pixels');
  });
}
