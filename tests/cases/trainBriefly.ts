// A small population of the quick study's models, trained for a few steps.

import { squares, stored } from '../../src/data';
import type { Executor } from '../../src/engine';
import { betaVae, full, train, vae } from '../../src/models';
import { packedOf } from './packedOf';

export interface TrainingArguments {
  readonly seeds: readonly number[];
  readonly offDiagonal: readonly boolean[];
  readonly steps: number;
  readonly learningRate?: number;
}

export interface TrainingResult {
  /** The last loss terms of every replica, and the posteriors of the first image. */
  readonly reconstruction: number[];
  readonly kl: number[];
  readonly conditionalTc: number[];
  readonly posterior: number[][];
  readonly firstReconstruction: number[];
}

/** Trains a small population for a few steps. */
export async function trainBriefly(
  device: Executor,
  { seeds, offDiagonal, steps, learningRate = 2e-3 }: TrainingArguments,
): Promise<TrainingResult> {
  const examples = await squares().render(device);
  const model = vae({ replicas: seeds.length, input: 256, hidden: [64, 64], posterior: full(6, offDiagonal) });
  const { history } = await train(device, model, {
    data: stored(examples),
    objective: betaVae({ beta: 4 }),
    steps,
    batch: 64,
    learningRate,
    seeds,
  });
  const packed = await packedOf(device, model, examples);
  const each = packed.length / seeds.length;
  const width = model.posterior.width;
  return {
    reconstruction: Array.from(history.reconstruction[steps - 1]),
    kl: Array.from(history.kl[steps - 1]),
    conditionalTc: Array.from(history.conditionalTc[steps - 1]),
    firstReconstruction: Array.from(history.reconstruction[0]),
    posterior: seeds.map((_, r) => Array.from(packed.subarray(r * each, r * each + width))),
  };
}
