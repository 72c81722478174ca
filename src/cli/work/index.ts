// Everything that computes, by name: functions of a machine, an input and a channel. Inputs and outputs cross as JSON.

import { bench } from '../../../bench/run';
import { tune } from '../../../bench/tune';
import type { Winners } from '../../engine';
import { tableStudies } from '../../studies';
import { type InvarianceSettings, invarianceReport, type PackedSizes } from '../../studies/invarianceReport';
import type { Channel, Machine } from './channel';
import { timeSteps } from './cost';
import { twentySteps } from './probe';
import { encodeRun, populate, scorePopulationOfRun } from './runs';

export type { Channel, Machine } from './channel';

interface InvarianceJob {
  readonly rows: readonly number[];
  readonly sizes: PackedSizes;
  readonly options: InvarianceSettings;
}

export const works = {
  async tables({ open }: Machine, { study }: { study: string }, { progress }: Channel) {
    using executor = await open();
    return await tableStudies[study].tables(executor, progress);
  },
  populate,
  timeSteps,
  encode: encodeRun,
  score: scorePopulationOfRun,
  async invariance({ open }: Machine, { rows, sizes, options }: InvarianceJob, { progress }: Channel) {
    using executor = await open();
    return await invarianceReport(executor, rows, sizes, options, progress);
  },
  bench: (machine: Machine, { filter, winners }: { filter: string; winners: Winners }, { progress }: Channel) =>
    bench(machine.adapter, () => machine.open(winners), filter, progress),
  tune: (_: Machine, __: null, { progress }: Channel) => tune(progress),
  probe: twentySteps,
};

export type WorkName = keyof typeof works;
export type InputOf<Name extends WorkName> = Parameters<(typeof works)[Name]>[1];
export type OutputOf<Name extends WorkName> = Awaited<ReturnType<(typeof works)[Name]>>;
