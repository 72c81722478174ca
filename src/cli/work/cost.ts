// What a step costs here: a few steps of one population of each shape.

import type { Winners } from '../../engine';
import { trainingStep } from '../../models';
import type { Job } from '../../runs/job';
import { openData, population } from '../../runs/recipe';
import type { Channel, Machine } from './channel';

const STEPS = 8;
/** Steps are repeated until so much time has been measured. */
const MEASURED_MS = 100;

/** Milliseconds a step of each population, alone on the machine. */
export async function timeSteps(
  { open }: Machine,
  { groups, winners }: { groups: readonly (readonly Job[])[]; winners: Winners },
  { progress }: Channel,
): Promise<number[]> {
  const times: number[] = [];
  for (const [g, jobs] of groups.entries()) {
    progress('timing steps', g / groups.length);
    using executor = await open(winners);
    const { model, options } = population(jobs);
    const step = trainingStep(model, { ...options, data: await openData(executor, jobs[0].setting) });
    await step.start(executor);
    using program = await executor.compile(step.graph);
    await program.run();
    let [measured, made] = [0, 0];
    while (measured < MEASURED_MS) {
      const begun = performance.now();
      await program.run(STEPS);
      measured += performance.now() - begun;
      made += STEPS;
    }
    times.push(measured / made);
  }
  return times;
}
