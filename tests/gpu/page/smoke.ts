// The smoke study by two executors in one page, so that what TypeScript computes of it is computed by one engine.

import { Device } from '../../../src/engine';
import { CpuDevice } from '../../../src/engine/cpu';
import { type Measured, presets, trainAndMeasure } from '../../../src/studies';

/** What WGSL on this adapter finds, and what the CPU does. */
export async function smokeTwice(_: null): Promise<[wgsl: Measured[], cpu: Measured[]]> {
  using device = await Device.open();
  using cpu = await CpuDevice.open();
  const quiet = () => undefined;
  return [await trainAndMeasure(device, presets.smoke, quiet), await trainAndMeasure(cpu, presets.smoke, quiet)];
}
