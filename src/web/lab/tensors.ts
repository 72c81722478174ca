// Any tensor of the step that trains, as it will be in the next one: the same graph, batch and noise, with that tensor as output. And the
// six stages of a step, each with the tensors that people look at first.

import { type Executor, type Tensor, withProgram } from '../../engine';
import { readAs } from '../../engine/graph/executor';
import { ancestors } from '../../engine/graph/schedule';
import { labelOfOp, nameOf } from '../../engine/graph/tensor';
import type { Moment } from '../../runs/training';
import { type Peeked, type Stage, type StageName, stageNames } from './protocol';

/** Values of a tensor that cross to the page. */
const SHOWN = 4096;

/** Everything that can be looked at: leaves and results; what changes variables is no value. */
export function tensorsOf({ step }: Moment): Tensor[] {
  const { outputs, updates = [] } = step.graph;
  return ancestors([...Object.values<Tensor>(outputs), ...updates]).filter(
    ({ source }) => source.kind !== 'operation' || source.operation.writes.length === 0,
  );
}

export const listed = (tensors: readonly Tensor[]): { id: number; label: string }[] =>
  tensors.map((tensor, id) => ({ id, label: labelOfOp(tensor) }));

/** The values a tensor has in the step that comes next. */
export async function peek(executor: Executor, tensor: Tensor): Promise<Peeked> {
  const values = await withProgram(executor, { outputs: { tensor } }, async (program) => {
    await program.run();
    return readAs(program, 'tensor', tensor.dtype);
  });
  return summaryOf(nameOf(tensor) ?? labelOfOp(tensor), tensor.shape, values);
}

export function summaryOf(name: string, shape: readonly number[], values: ArrayLike<number>): Peeked {
  let [count, nonFinite, total, squares] = [0, 0, 0, 0];
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (!Number.isFinite(value)) {
      nonFinite++;
      continue;
    }
    count++;
    total += value;
    squares += value * value;
    least = Math.min(least, value);
    most = Math.max(most, value);
  }
  const mean = total / count;
  return {
    name,
    shape,
    values: Float32Array.from(Array.prototype.slice.call(values, 0, SHOWN)),
    count: values.length,
    least,
    most,
    mean,
    deviation: Math.sqrt(Math.max(0, squares / count - mean * mean)),
    nonFinite,
  };
}

/** Names of tensors, as the objectives give them (models/objectives), by the stage that computes them. */
const OF_STAGE: Readonly<Record<StageName, readonly string[]>> = {
  encode: ['batch', 'posteriors'],
  sample: ['z'],
  decode: ['decoded'],
  loss: ['reconstruction', 'kl', 'conditionalTc', 'loss'],
  backward: ['gradients', 'gradients.1'],
  update: [],
};

/** The stages of the step that comes next; that of the update is empty until it is made. */
export async function stagesOf(executor: Executor, moment: Moment): Promise<Stage[]> {
  const byName = new Map(tensorsOf(moment).map((tensor) => [nameOf(tensor), tensor]));
  const stages: Stage[] = [];
  for (const name of stageNames) {
    const tensors: Peeked[] = [];
    for (const which of OF_STAGE[name]) {
      const tensor = byName.get(which);
      if (tensor !== undefined) tensors.push(await peek(executor, tensor));
    }
    stages.push({ name, tensors });
  }
  return stages;
}

/** What the step changed of the trained parameters. */
export function changeOf(before: readonly Float32Array[], after: readonly Float32Array[]): Stage {
  return {
    name: 'update',
    tensors: after.flatMap((values, p) => {
      const suffix = p === 0 ? '' : `.${p}`;
      return [
        summaryOf(`parameters${suffix}`, [values.length], values),
        summaryOf(
          `change of parameters${suffix}`,
          [values.length],
          values.map((value, i) => value - before[p][i]),
        ),
      ];
    }),
  };
}
