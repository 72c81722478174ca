// What of a run's folder is still to be trained, and what has a model, as populations for the work.

import type { Job } from '../runs/job';
import { groupedBy, type Limits, populationsOf } from '../runs/populations';
import { commandLine, usageError } from './errors';
import type { RunFolder } from './runFolder';
import { fileOf, type PopulationJob } from './work/runs';

/** Replicas that are neither at the end nor diverged, as populations of one shape and one step. */
export const unfinishedOf = (folder: RunFolder, limits: Limits): PopulationJob[] =>
  inPopulations(
    folder,
    folder.jobs.filter((_, r) => folder.stepOf(r) < folder.run.config.steps && folder.diverged[r] === undefined),
    limits,
  );

/** Replicas that have a model, the same way. */
export const trainedOf = (folder: RunFolder, limits: Limits): PopulationJob[] =>
  inPopulations(
    folder,
    folder.jobs.filter((_, r) => folder.diverged[r] === undefined),
    limits,
  );

function inPopulations(folder: RunFolder, jobs: readonly Job[], limits: Limits): PopulationJob[] {
  const numberOf = ({ name }: Job): number => folder.replicaOf.get(name) ?? -1;
  return groupedBy(jobs, (job) => String(folder.stepOf(numberOf(job))))
    .flatMap((group) => populationsOf(group, limits))
    .map((group) => ({
      jobs: group,
      sizes: Object.fromEntries(
        group.flatMap((job) => {
          const size = folder.checkpoints[numberOf(job)]?.bytes.length;
          return size === undefined ? [] : [[fileOf('checkpoint', job.name), size]];
        }),
      ),
    }));
}

/** Throws a usage error where a replica has no checkpoint and did not diverge; says which ones are not at the end. */
export function refuseUntrained(folder: RunFolder): void {
  const open = folder.jobs.flatMap((_, r) => (folder.diverged[r] === undefined ? [r] : []));
  if (open.length === 0) throw usageError(`All replicas of ${folder.path} diverged: there is no model.`);
  const none = open.filter((r) => folder.stepOf(r) === 0);
  if (none.length > 0) {
    throw usageError(
      `${folder.path} has no checkpoint of replica ${none.join(', ')} yet.`,
      `Go on with: ${commandLine('unweave', 'train', '--resume', folder.path)}`,
    );
  }
  for (const group of groupedBy(open, (r) => String(folder.stepOf(r)))) {
    const step = folder.stepOf(group[0]);
    if (step < folder.run.config.steps)
      process.stderr.write(`Note: replica ${group.join(', ')}: at step ${step} of ${folder.run.config.steps}.\n`);
  }
  const gone = folder.jobs.flatMap((_, r) => (folder.diverged[r] === undefined ? [] : [r]));
  if (gone.length > 0) process.stderr.write(`Note: replica ${gone.join(', ')} diverged, and has no model.\n`);
}
