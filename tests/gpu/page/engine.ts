import {
  constant,
  cos,
  Device,
  exp,
  expm1,
  log,
  log1p,
  randomNormal,
  relu,
  sigmoid,
  sin,
  softplus,
  tanh,
} from '../../../src/engine';
import { adamSteps } from '../../cases/adam';

/** The bits of the elementary functions at `inputs` (given as bits, so that NaN and infinities survive). */
export async function elementary(inputs: readonly number[]): Promise<Record<string, number[]>> {
  using device = await Device.open();
  const x = constant(new Float32Array(Uint32Array.from(inputs).buffer));
  const outputs = {
    exp: exp(x),
    log: log(x),
    log1p: log1p(x),
    expm1: expm1(x),
    sin: sin(x),
    cos: cos(x),
    tanh: tanh(x),
    sigmoid: sigmoid(x),
    softplus: softplus(x),
    relu: relu(x),
  };
  using program = await device.compile({ outputs });
  await program.run();
  const results: Record<string, number[]> = {};
  for (const name of Object.keys(outputs) as (keyof typeof outputs)[]) {
    results[name] = Array.from(new Uint32Array((await program.read(name)).buffer));
  }
  return results;
}

/** Normals of one stream, as bits. */
export async function normals(count: number): Promise<number[]> {
  using device = await Device.open();
  const stream = { seeds: constant(Uint32Array.of(42)), step: constant(Uint32Array.of(7)) };
  using program = await device.compile({ outputs: { z: randomNormal(stream, 5, [count]) } });
  await program.run();
  return Array.from(new Uint32Array((await program.read('z')).buffer));
}

/** The Adam case on the GPU. */
export async function adamOnGpu({
  start,
  steps,
}: {
  start: readonly number[];
  steps: number;
}): Promise<[number[], number]> {
  using device = await Device.open();
  return await adamSteps(device, start, steps);
}

/** Compiles every kernel alone, and names those that fail. */
export async function compileAll(sources: readonly { label: string; code: string }[]): Promise<string[]> {
  using device = await Device.open();
  const failures: string[] = [];
  for (const { label, code } of sources) {
    const module = device.gpu.createShaderModule({ label, code });
    const { messages } = await module.getCompilationInfo();
    for (const { type, message } of messages) if (type === 'error') failures.push(`${label}: ${message}`);
  }
  return failures;
}
