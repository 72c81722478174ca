// The whole benchmark, on a machine: the ceilings, and the cases the filter lets through, in the same rounds.

import type { AdapterDescription, Executor } from '../src/engine';
import { type BenchReport, withShare } from './case';
import { cases } from './cases';
import { METHOD, measure } from './measure';
import { probes, rooflineOf } from './roofline';
import { glob } from './statistics';
import { steps } from './steps';

export const caseNames = (): string[] => [...cases, ...steps].map(({ name }) => name);

export async function bench(
  adapter: AdapterDescription,
  open: () => Promise<Executor>,
  filter: string,
  onProgress: (stage: string, share: number) => void,
): Promise<Omit<BenchReport, 'browser' | 'versions'>> {
  const wanted = [...cases, ...steps].filter(({ name }) => glob(filter)(name));
  const results = await measure([...probes, ...wanted], open, onProgress);
  const roofline = rooflineOf(results.slice(0, probes.length));
  const compared = results.slice(probes.length).map((each) => withShare(each, roofline));
  return { schemaVersion: 1, date: new Date().toISOString(), adapter, method: METHOD, roofline, cases: compared };
}
