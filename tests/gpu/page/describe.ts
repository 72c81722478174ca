import { type AdapterDescription, Device } from '../../../src/engine';

export async function describe(_: null): Promise<AdapterDescription> {
  using device = await Device.open();
  return device.adapter;
}
