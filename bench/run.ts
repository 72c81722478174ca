// The whole benchmark, in a page: the ceilings, and the cases the filter lets through, in the same rounds.

import { Device, type Winners } from '../src/engine';
import { type BenchReport, withShare } from './case';
import { cases } from './cases';
import { METHOD, measure } from './measure';
import { probes, rooflineOf } from './roofline';
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
  const wanted = [...cases, ...steps].filter(({ name }) => glob(filter)(name));
  const results = await measure([...probes, ...wanted], winners, onProgress);
  const roofline = rooflineOf(results.slice(0, probes.length));
  const compared = results.slice(probes.length).map((each) => withShare(each, roofline));
  return { schemaVersion: 1, date: new Date().toISOString(), adapter, method: METHOD, roofline, cases: compared };
}
