// `unweave train --dry-run`: what a grid would be, and what it would cost here, from timed steps of its populations.

import { sumOf } from '../math/statistics';
import type { Run } from '../runs/config';
import { type Job, shapeOf } from '../runs/job';
import { groupedBy, type Limits, populationsOf, sizeOfStep, stepOf } from '../runs/populations';
import { differingKeys, flatOf } from '../runs/setting';
import { type HostOptions, withHost } from './hosts';
import { formatSeconds, formatTable, Progress } from './output';
import { loadTuning } from './tuningFile';
import { progressOnly } from './work/channel';

/** What the arms of a run have in common is said once: here is what sets one apart. */
function differences({ replicas }: Run): Record<string, string>[] {
  const flats = groupedBy(replicas, ({ arm }) => String(arm)).map(([{ setting }]) => flatOf(setting));
  const differing = differingKeys(flats);
  return flats.map((flat) => Object.fromEntries(differing.map((name) => [name, String(flat[name] ?? '-')])));
}

/** Numbers that one replica trains, those of a second player included. */
const parametersOf = (job: Job): number =>
  sumOf(Object.entries(stepOf([job]).sizes).flatMap(([name, sizes]) => (name.startsWith('parameters') ? sizes : [])));

export async function dryRun(
  run: Run,
  jobs: readonly Job[],
  limits: Limits,
  { json, where }: { readonly json: boolean; readonly where: HostOptions },
): Promise<void> {
  const populations = populationsOf(jobs, limits);
  const progress = new Progress();
  const { times, threads } = await withHost(where, async (host) => {
    process.stderr.write(`Runs on: ${host.says}\n`);
    const winners = await loadTuning(host.adapter);
    const channel = progressOnly((stage, share) => progress.update(stage, share));
    // Populations of one shape and size take the same time.
    const kinds = groupedBy(populations, ([job, ...rest]) => `${shapeOf(job.setting)} ${rest.length}`);
    const timed = await host.run('timeSteps', { groups: kinds.map(([first]) => first), winners }, channel);
    const timeOf = new Map(kinds.flatMap((kind, k) => kind.map((each) => [each, timed[k]] as const)));
    return { times: populations.map((each) => timeOf.get(each) ?? 0), threads: host.threads };
  });
  progress.end();
  const { steps, seeds } = run.config;
  const arms = differences(run).map((differs, arm) => ({
    arm,
    ...differs,
    seeds: seeds.length,
    parameters: parametersOf(jobs[arm * seeds.length]),
  }));
  const parts = populations.map((group, p) => ({
    replicas: group.length,
    bytes: sizeOfStep(group).bytes,
    stepMs: times[p],
    seconds: (times[p] * steps) / 1000,
  }));
  const seconds = makespan(
    parts.map((part) => part.seconds),
    threads,
  );
  const found = { schemaVersion: 1, replicas: jobs.length, steps, threads, seconds, arms, populations: parts };
  if (json) {
    process.stdout.write(`${JSON.stringify(found, null, 1)}\n`);
    return;
  }
  const columns = Object.keys(arms[0]);
  const armRows = arms.map((arm) => columns.map((name) => String((arm as Record<string, unknown>)[name])));
  const partRows = parts.map(({ replicas, bytes, stepMs, seconds: each }, p) => [
    String(p),
    String(replicas),
    `${(bytes / 2 ** 20).toFixed(1)} MiB`,
    stepMs.toPrecision(3),
    formatSeconds(each),
  ]);
  process.stdout.write(
    `${formatTable([columns, ...armRows])}\n\n` +
      `${formatTable([['population', 'replicas', 'memory', 'ms a step', 'training'], ...partRows])}\n\n` +
      `${jobs.length} replicas, ${steps} steps: about ${formatSeconds(seconds)} here. Nothing was written.\n`,
  );
}

/** When the last is done, where each thread takes the next population as soon as it is free. */
function makespan(seconds: readonly number[], threads: number): number {
  const free = new Array<number>(threads).fill(0);
  for (const each of seconds) {
    const next = free.indexOf(Math.min(...free));
    free[next] += each;
  }
  return Math.max(...free);
}
