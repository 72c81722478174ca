// A device that tests of kernels share, so that a kernel is compiled once: one for each kind of plans.

import { Device, type Tuning } from '../../../src/engine';

const devices = new Map<string, Promise<Device>>();

export function sharedDevice(tuning?: Partial<Tuning>): Promise<Device> {
  const kind = JSON.stringify(tuning ?? {});
  const device = devices.get(kind) ?? Device.open({ tuning });
  devices.set(kind, device);
  return device;
}
