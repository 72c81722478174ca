// The whole benchmark, in a page: the ceilings first, then the cases the filter lets through.

import { Device, type Winners } from '../src/engine';
import type { BenchReport } from './case';
import { cases } from './cases';
import { METHOD, measure } from './measure';
import { measureRoofline } from './roofline';
import { glob } from './statistics';
import { steps } from './steps';

export const caseNames = (): string[] => [...cases, ...steps].map(({ name }) => name);

export async function bench(
  filter: string,
  winners: Winners,
  onProgress: (stage: string, share: number) => void,
): Promise<Omit<BenchReport, 'browser' | 'versions'>> {
  using device = await Device.open();
  const { adapter } = device;
  onProgress('measuring the ceilings', 0);
  const roofline = await measureRoofline();
  const wanted = [...cases, ...steps].filter(({ name }) => glob(filter)(name));
  const results = await measure(wanted, roofline, winners, onProgress);
  return { schemaVersion: 1, date: new Date().toISOString(), adapter, method: METHOD, roofline, cases: results };
}
