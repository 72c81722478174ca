// Adam on the loss sum(x^2)/2 of two replicas of three parameters, with a gap after each: for either executor.

import { adam, constant, type Executor, GAP, increment, mul, scalar, variable } from '../../src/engine';

/** Runs `steps` updates from `start` (8 numbers): the parameters, and the first step that was not finite. */
export async function adamSteps(
  executor: Executor,
  start: readonly number[],
  steps: number,
): Promise<[number[], number]> {
  const parameters = variable('p', [start.length]);
  const nonFinite = variable('flag', [1], 'u32');
  const step = variable('step', [1], 'u32');
  executor.write(parameters, Float32Array.from(start));
  executor.write(nonFinite, Uint32Array.of(0xffffffff));
  using program = await executor.compile({
    outputs: {},
    updates: [
      adam({
        parameters,
        first: variable('m', [start.length]),
        second: variable('v', [start.length]),
        gradients: mul(parameters, scalar(1)),
        rates: constant(Float32Array.of(0.1, 0.1, 0.1, GAP, 0.01, 0.01, 0.01, GAP)),
        step,
        nonFinite,
      }),
      increment(step),
    ],
  });
  await program.run(steps);
  return [Array.from(await executor.read(parameters)), (await executor.readIntegers(nonFinite))[0]];
}
