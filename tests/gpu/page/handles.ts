import { Device, exp, pack, variable, view } from '../../../src/engine';
import { packed, twoBiases } from '../../cases/aliasing';
import { handles, propagation } from '../../cases/handles';

/** The answers of a `Device`, and buffers live before and after reads of a view, a constant and an operation. */
export async function answers(_: null) {
  using device = await Device.open();
  const w = variable('w', [128]);
  device.write(w, new Float32Array(128));
  const before = device.ledger.live;
  await device.read(view(w, 64, [64]));
  await device.read(exp(w)).catch(() => undefined);
  return { leaked: device.ledger.live - before, said: await handles(device) };
}

export async function propagated(_: null): Promise<Record<string, number[]>> {
  using device = await Device.open();
  return await propagation(device);
}

export async function packedParts(names: readonly string[]) {
  using device = await Device.open();
  const results: Awaited<ReturnType<typeof packed>>[] = [];
  for (const name of names) results.push(await packed(device, name));
  return results;
}

/** The two biases, and how many dispatches a pack of two computed parts needs when it needs no copy. */
export async function trainedBiases(_: null) {
  using device = await Device.open();
  const x = variable('x', [64]);
  using program = await device.compile({ outputs: { whole: pack([exp(x), exp(exp(x))]) } });
  return { ...(await twoBiases(device)), dispatches: program.dispatches };
}
