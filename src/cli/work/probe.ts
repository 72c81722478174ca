// What `doctor` asks of every executor: twenty steps of the quick study's training, their bits, and how long a step takes.

import { squares, stored } from '../../data';
import { ReferenceDevice } from '../../engine';
import { betaVae, full, trainingStep, vae } from '../../models';
import { digestOf } from '../../runs/job';
import type { Channel, Machine } from './channel';

const STEPS = 20;
/** Steps are repeated until so much time has been measured. */
const MEASURED_MS = 300;

export interface Probe {
  /** SHA-256 of the parameters after twenty steps: the same on executors that agree in every bit. */
  readonly digest: string;
  /** Milliseconds that a step takes. */
  readonly stepMs: number;
  readonly compileMs: number;
}

/** One model of each of the quick study's arms, in one population; by the reference, or by what the machine opens. */
export async function twentySteps(
  { open }: Machine,
  { reference }: { reference: boolean },
  { progress }: Channel,
): Promise<Probe> {
  progress('twenty steps', 0);
  using executor = reference ? new ReferenceDevice() : await open();
  const data = squares();
  const model = vae({
    replicas: 2,
    input: data.side ** 2,
    hidden: [64, 64],
    posterior: full(6, [false, true]),
  });
  const step = trainingStep(model, {
    data: stored(await data.render(executor)),
    objective: betaVae({ beta: 4 }),
    batch: 64,
    learningRate: 2e-3,
    seeds: [0, 0],
  });
  await step.start(executor);
  const begun = performance.now();
  using program = await executor.compile(step.graph);
  const compileMs = performance.now() - begun;
  const timed = async (): Promise<number> => {
    const started = performance.now();
    await program.run(STEPS);
    return performance.now() - started;
  };
  let measured = await timed();
  let runs = STEPS;
  const parameters = Float32Array.from(await executor.read(model.parameters.arena));
  const digest = await digestOf(new Uint8Array(parameters.buffer));
  // The first steps are slower: they count only where they already took long.
  if (measured < MEASURED_MS) [measured, runs] = [0, 0];
  for (; measured < MEASURED_MS; runs += STEPS) measured += await timed();
  return { digest, stepMs: measured / runs, compileMs };
}
