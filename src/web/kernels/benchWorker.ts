// The worker of the kernels page: the benchmark of the command line, on the visitor's adapter; and a training step in words.

import type { BenchReport } from '../../../bench/case';
import { bench, caseNames } from '../../../bench/run';
import { type AdapterDescription, Device, describe, type Executor, HARDWARE, SOFTWARE } from '../../engine';
import { jobOf } from '../../runs/job';
import { stepOf } from '../../runs/populations';
import { settingOf } from '../../runs/recipe';
import { squaresBase } from '../../studies/decline';
import type { Prefer } from '../lab/protocol';
import { openWhere } from '../lab/where';

export type Report = Omit<BenchReport, 'versions'>;

export type ToBench =
  | { readonly kind: 'cases' }
  | { readonly kind: 'bench'; readonly prefer: Prefer; readonly filter: string; readonly browser: string };

export type FromBench =
  | { readonly kind: 'cases'; readonly names: readonly string[]; readonly step: string; readonly onGpu: string }
  | {
      readonly kind: 'opened';
      readonly says: string;
      readonly why: string | null;
      readonly adapter: AdapterDescription;
    }
  | { readonly kind: 'progress'; readonly stage: string; readonly share: number }
  | { readonly kind: 'report'; readonly report: Report }
  | { readonly kind: 'failed'; readonly message: string };

const tell = (message: FromBench): void => postMessage(message);

async function tellCases(): Promise<void> {
  const { graph } = stepOf([await jobOf(settingOf({ ...squaresBase, posterior: 'full' }), 1)]);
  tell({
    kind: 'cases',
    names: caseNames(),
    step: describe(graph, { tuning: SOFTWARE }),
    onGpu: describe(graph, { tuning: HARDWARE }),
  });
}

/** The adapter as it describes itself; of the CPU what a browser tells. */
function adapterOf(executor: Executor): AdapterDescription {
  if (executor instanceof Device) return executor.adapter;
  return {
    vendor: 'cpu',
    architecture: executor.kind,
    description: `${navigator.hardwareConcurrency} threads`,
    software: false,
    features: [],
    limits: {},
  };
}

async function run({ prefer, filter, browser }: Extract<ToBench, { kind: 'bench' }>): Promise<void> {
  const { executor, says, why } = await openWhere(prefer);
  const { kind } = executor;
  const adapter = adapterOf(executor);
  executor.dispose();
  tell({ kind: 'opened', says, why, adapter });
  const open = async (): Promise<Executor> => {
    if (kind === 'gpu' || kind === 'software') return Device.open();
    if (kind === 'cpu') return (await import('../../engine/cpu')).CpuDevice.open();
    return new (await import('../../engine/reference/device')).ReferenceDevice();
  };
  const report = await bench(adapter, open, filter, (stage, share) => tell({ kind: 'progress', stage, share }));
  tell({ kind: 'report', report: { ...report, browser } });
}

addEventListener('message', ({ data }: MessageEvent<ToBench>) => {
  const done = data.kind === 'cases' ? tellCases() : run(data);
  done.catch((error) => tell({ kind: 'failed', message: error instanceof Error ? error.message : String(error) }));
});
