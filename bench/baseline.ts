// An earlier report, to compare with: what the command line and the kernels page need of it.

import { InputError } from '../src/engine';
import type { BenchReport, CaseResult } from './case';

/** What a comparison needs of an earlier report. Throws InputError, naming the file, for anything else. */
export function parseBaseline(text: string, file: string): Baseline {
  let report: unknown;
  try {
    report = JSON.parse(text);
  } catch (cause) {
    throw new InputError(`${file} is not JSON; was it cut off?`, { cause });
  }
  const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;
  if (!isRecord(report) || report.schemaVersion !== 1 || !isRecord(report.adapter) || !Array.isArray(report.cases))
    throw new InputError(`${file} is not a report of unweave bench.`);
  const cases = report.cases.map((each: unknown, at) => {
    if (isRecord(each) && typeof each.name === 'string' && typeof each.medianMs === 'number' && each.medianMs > 0)
      return { name: each.name, medianMs: each.medianMs };
    throw new InputError(`${file}: case ${at + 1} has no name or no time.`);
  });
  const { vendor, architecture } = report.adapter;
  return { adapter: { vendor: String(vendor), architecture: String(architecture) }, cases };
}

/** What is compared of a report. */
export interface Baseline {
  readonly adapter: Pick<BenchReport['adapter'], 'vendor' | 'architecture'>;
  readonly cases: readonly Pick<CaseResult, 'name' | 'medianMs'>[];
}
