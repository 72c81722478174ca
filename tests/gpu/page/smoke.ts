// The smoke study by two executors in one page, so that what TypeScript computes of it is computed by one engine.

import { Device } from '../../../src/engine';
import { CpuDevice } from '../../../src/engine/cpu';
import { memoryStore } from '../../../src/runs/store';
import { work } from '../../../src/runs/work';
import { studies } from '../../../src/studies';
import { definitionOf, entriesOf, jobsIn } from '../../../src/studies/study';

/** The records that WGSL on this adapter leaves, and those that the CPU does: names and text. */
export async function smokeTwice(_: null): Promise<[wgsl: Record<string, string>, cpu: Record<string, string>]> {
  const definition = definitionOf(studies.decline, 'smoke');
  const jobs = jobsIn(await entriesOf(definition));
  const recordsOf = async (executor: Device | CpuDevice) => {
    const store = memoryStore();
    await work(store, executor, jobs, { measures: definition.measures, keep: false, adapter: 'here' });
    return Object.fromEntries([...store.files].map(([name, bytes]) => [name, new TextDecoder().decode(bytes)]));
  };
  using device = await Device.open();
  using cpu = await CpuDevice.open();
  return [await recordsOf(device), await recordsOf(cpu)];
}
