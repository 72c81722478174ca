// Whatever can compute here, best first: WebGPU on hardware, else the CPU in WebAssembly, else plain TypeScript. All give the same
// numbers; `kind` says which it is. What is not needed is not loaded.

import { Device, type DeviceOptions } from './device/device';
import { AdapterError, WebAssemblyError } from './errors';
import type { Executor, ExecutorKind } from './graph/executor';
import { refuseUnknown } from './options';

/** Which executor is wanted, and how it is opened. */
export interface OpenOptions extends DeviceOptions {
  /**
   * What to begin with: `gpu` by default; `software` takes a WebGPU adapter that computes on the CPU, too, which is for tests of
   * kernels: `cpu` is many times as fast.
   */
  readonly prefer?: ExecutorKind;
}

/**
 * An executor. Throws what opening throws, except that there is no such thing here: then the next best is taken, and the reference
 * at last.
 */
export async function openExecutor(given: OpenOptions = {}): Promise<Executor> {
  refuseUnknown<OpenOptions>('openExecutor', given, { prefer: true, memoryLimit: true, winners: true, tuning: true });
  const { prefer = 'gpu', ...options } = given;
  const device = prefer === 'gpu' || prefer === 'software' ? await openDevice(options) : undefined;
  if (device !== undefined && (device.kind === 'gpu' || prefer === 'software')) return device;
  device?.dispose();
  if (prefer === 'reference') return openReference();
  try {
    const { CpuDevice } = await import('./cpu/device');
    return await CpuDevice.open(options);
  } catch (error) {
    if (error instanceof WebAssemblyError) return openReference();
    throw error;
  }
}

async function openReference(): Promise<Executor> {
  const { ReferenceDevice } = await import('./reference/device');
  return new ReferenceDevice();
}

/** The default adapter's device, or undefined where there is no adapter. */
async function openDevice(options: DeviceOptions): Promise<Device | undefined> {
  try {
    return await Device.open(options);
  } catch (error) {
    if (error instanceof AdapterError) return undefined;
    throw error;
  }
}
