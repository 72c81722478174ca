// The page the command line drives: what runs on the GPU runs here. Node calls these functions and writes the files.

import { bench, caseNames } from '../../bench/run';
import { tune } from '../../bench/tune';
import { type AdapterDescription, AdapterError, constant, Device, mul, scalar, sum, type Winners } from '../engine';
import { describeAdapter, openAdapter } from '../engine/device/adapter';
import { runDecline, type StudyConfig, type StudyResults } from '../studies';
import { type InvarianceSettings, invarianceReport, type PackedSizes } from '../studies/invariance';
import { report } from '../studies/report';
import type { ScoringOptions } from '../studies/run/scoring';
import { encodeRun, type PopulationJob, type Rows, scorePopulationOfRun, trainRun } from './pageRuns';

/** The adapter, or null where there is none or none answers: see `openAdapter`. */
async function adapter(): Promise<AdapterDescription | null> {
  try {
    return describeAdapter(await openAdapter());
  } catch (error) {
    if (error instanceof AdapterError) return null;
    throw error;
  }
}

/** What `doctor` wants to know: can this browser compute? */
async function doctor() {
  using device = await Device.open();
  const values = Float32Array.from({ length: 1000 }, (_, i) => i);
  using program = await device.compile({ outputs: { total: sum(mul(constant(values), scalar(2))) } });
  await program.run();
  const [total] = await program.read('total');
  return { expected: 999_000, computed: total };
}

/** Runs a study; progress goes to `reportProgress`, which Node exposes. */
async function study(
  config: StudyConfig,
  versions: Record<string, string>,
  winners: Winners,
): Promise<{ results: StudyResults; html: string }> {
  using device = await Device.open({ winners });
  const { results, traversals } = await runDecline(device, device.adapter, config, {
    onProgress: progress,
  });
  const complete = { ...results, versions };
  return { results: complete, html: report(complete, traversals) };
}

/** To Node, which exposes it. */
const progress = (stage: string, share: number) => void globalThis.reportProgress(stage, share);

const functions = {
  adapter,
  doctor,
  study,
  bench: (filter: string, winners: Winners) => bench(filter, winners, progress),
  benchNames: caseNames,
  invariance: (rows: readonly number[], sizes: PackedSizes, options: InvarianceSettings) =>
    invarianceReport(rows, sizes, options, progress),
  tune: () => tune(progress),
  train: (job: PopulationJob, winners: Winners) => trainRun(job, winners, progress),
  encode: (job: PopulationJob, rows: Rows | null) => encodeRun(job, rows, progress),
  score: (job: PopulationJob, options: ScoringOptions) => scorePopulationOfRun(job, options, progress),
};

/** What the page's `globalThis` has, for the functions that Node evaluates there. */
export interface Exposed {
  readonly unweave: typeof functions;
}

declare global {
  var reportProgress: (stage: string, share: number) => Promise<void>;
}

Object.assign(globalThis, { unweave: functions });
