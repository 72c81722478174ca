// `unweave metrics RUN`: every score of every replica of a run. Its data set is encoded and counted on the GPU, for whole
// populations at once.

import { resolve } from 'node:path';
import type { ScoreReport } from '../metrics';
import { checkpointName } from '../studies/run/checkpoint';
import type { Replica } from '../studies/run/config';
import type { ScoringOptions } from '../studies/run/scoring';
import { exchange } from './bytes';
import { wholeNumber } from './errors';
import type { GpuMode } from './launch';
import { chosenScores, constantsLine, LEGEND, three } from './metricsCommand';
import { formatTable, Progress } from './output';
import type { Exposed } from './page';
import { RunFolder, refuseUntrained } from './runFolder';
import { withSession } from './session';

export interface MetricsOfRunArguments {
  readonly run: string;
  readonly rows: string | undefined;
  readonly only: string | undefined;
  readonly seed: string;
  readonly json: boolean;
  readonly gpu: GpuMode;
  readonly browser: string | undefined;
}

/** What the published protocol fits and tests on. */
const DEFAULT_ROWS = '15000';

/** The report of one replica, and which it is. */
type Scored = Replica & { readonly report: ScoreReport };

export async function metricsOfRunCommand(args: MetricsOfRunArguments): Promise<void> {
  const options: ScoringOptions = {
    rows: wholeNumber('--rows', args.rows ?? DEFAULT_ROWS, 2),
    seed: wholeNumber('--seed', args.seed),
    only: args.only === undefined ? undefined : chosenScores(args.only),
  };
  const folder = await RunFolder.open(resolve(args.run));
  refuseUntrained(folder);
  const { config, populations, replicas } = folder.run;
  const progress = new Progress();
  let current = 0;
  const { readBytes, writeBytes } = exchange(
    () => folder.checkpoints[current]?.bytes ?? new Uint8Array(),
    () => Promise.resolve(),
  );
  const scored = await withSession(
    {
      browser: args.browser,
      gpu: args.gpu,
      expose: { readBytes, writeBytes },
      onProgress: (stage, share) => progress.update(stage, (current + share) / populations.length),
    },
    async ({ page }) => {
      const found: Scored[] = [];
      for (current = 0; current < populations.length; current++) {
        const own = populations[current].map((replica) => replicas[replica]);
        const reports = await page.evaluate(
          (job, given) => (globalThis as unknown as Exposed).unweave.score(job, given),
          {
            config,
            replicas: own,
            checkpoint: checkpointName(current),
            checkpointBytes: folder.checkpoints[current]?.bytes.length ?? 0,
          },
          options,
        );
        found.push(...own.map((replica, p) => ({ ...replica, report: reports[p] })));
      }
      return found.sort((a, b) => a.replica - b.replica);
    },
  );
  progress.end();
  for (const { name, reason } of scored[0].report.leftOut) process.stderr.write(`left out: ${name}: ${reason}\n`);
  if (args.json)
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, data: config.data, replicas: scored }, null, 1)}\n`);
  else process.stdout.write(`${describe(scored)}\n`);
}

/** A line for every score and replica, the replicas of a score together. */
function describe(scored: readonly Scored[]): string {
  const head = ['score', 'replica', 'arm', 'seed', 'value', '90 %', 'chance', 'ceiling'];
  const [{ report }] = scored;
  const lines = report.scores.flatMap(({ name }) =>
    scored.flatMap(({ replica, arm, seed, report: { scores } }) =>
      scores
        .filter((score) => score.name === name)
        .map(({ value, interval, chance, ceiling }) => [
          name,
          ...[replica, arm, seed].map(String),
          three(value),
          interval.map(three).join(' ... '),
          three(chance),
          three(ceiling),
        ]),
    ),
  );
  const dead = scored.flatMap(({ replica, report: { deadLatents } }) =>
    deadLatents.length === 0 ? [] : [`Dead latents of replica ${replica}: ${deadLatents.join(', ')}.`],
  );
  return [
    formatTable([head, ...lines]),
    '',
    `${report.rows} rows${report.complete ? ', every combination once' : ''}, ${report.latents} latents, ${report.factors} factors, seed ${report.seed}.`,
    ...(dead.length === 0 ? ['No latent is dead (standard deviation below 0.05).'] : dead),
    LEGEND,
    ...report.scores.map(constantsLine),
  ].join('\n');
}
