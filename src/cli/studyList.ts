// `unweave study NAME --list`: what would be trained, and what it would cost here, from a few timed steps of one model of each shape.

import { shapeOf } from '../runs/job';
import { groupedBy } from '../runs/populations';
import { type Definition, type Entry, jobsIn } from '../studies/study';
import { type HostOptions, withHost } from './hosts';
import { formatSeconds, formatTable, Progress } from './output';
import { loadTuning } from './tuningFile';
import { progressOnly } from './work/channel';

export interface StudyCost {
  readonly jobs: number;
  /** Of training, one model after another on one thread or device. */
  readonly seconds: number;
  readonly cells: readonly {
    readonly cell: string;
    readonly arm: string;
    readonly jobs: number;
    readonly stepMs: number;
    readonly seconds: number;
  }[];
}

export async function listStudy(
  { name, preset, cells }: Definition,
  entries: readonly Entry[],
  { json, where }: { readonly json: boolean; readonly where: HostOptions },
): Promise<void> {
  const progress = new Progress();
  const shapes = groupedBy(jobsIn(entries), ({ setting }) => shapeOf(setting)).map(([job]) => job);
  const times = await withHost(where, async (host) => {
    process.stderr.write(`Runs on: ${host.says}\n`);
    const winners = await loadTuning(host.adapter);
    return await host.run(
      'timeSteps',
      { groups: shapes.map((job) => [job]), winners },
      progressOnly((stage, share) => progress.update(stage, share)),
    );
  });
  progress.end();
  const stepOfShape = new Map(shapes.map(({ setting }, i) => [shapeOf(setting), times[i]]));
  const seen = new Set<string>();
  const rows = cells.flatMap((cell) =>
    cell.arms.map((arm) => {
      // A job that another cell has, too, is done once.
      const own = entries.filter(
        (each) => each.cell === cell.name && each.arm === arm.name && !seen.has(each.job.name),
      );
      for (const { job } of own) seen.add(job.name);
      const [first] = own;
      const stepMs = first === undefined ? 0 : (stepOfShape.get(shapeOf(first.job.setting)) ?? 0);
      const seconds = first === undefined ? 0 : (own.length * first.job.setting.steps * stepMs) / 1000;
      return { cell: cell.name, arm: arm.name, jobs: own.length, stepMs, seconds };
    }),
  );
  const seconds = rows.reduce((sum, row) => sum + row.seconds, 0);
  const cost: StudyCost = { jobs: seen.size, seconds, cells: rows };
  if (json) {
    process.stdout.write(`${JSON.stringify(cost, null, 1)}\n`);
    return;
  }
  const lines = rows.map((row) => [
    row.cell,
    row.arm,
    String(row.jobs),
    row.stepMs.toFixed(2),
    formatSeconds(row.seconds),
  ]);
  process.stdout.write(
    `${formatTable([['cell', 'arm', 'models', 'ms a step', 'training'], ...lines])}\n\n` +
      `Study ${name}, preset ${preset}: ${seen.size} models, ${formatSeconds(seconds)} of training on one thread; measuring comes on top.\n`,
  );
}
