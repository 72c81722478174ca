// `unweave submit`: a study on a cluster. Every task is the same idempotent command on a shard of the seeds, so a task that died is submitted
// again and goes on; nothing here waits, watches or retries: that is what Slurm and Kubernetes do.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { studies } from '../../studies';
import { CommandError, commandLine, exitCodes, usageError, wholeNumber } from '../errors';
import { writeWhole } from '../folders';
import { defineCommand } from './command';
import { chosenStudy } from './study';

export interface SubmitArguments {
  readonly study: string;
  readonly preset: string;
  readonly system: 'slurm' | 'kubernetes';
  readonly shards: number;
  readonly out: string;
  /** A container image that holds this program: Kubernetes. */
  readonly image: string | undefined;
  /** A claim of a volume that the tasks share: Kubernetes. */
  readonly claim: string | undefined;
  /** CPUs of a task. */
  readonly cpus: number;
  /** Write the files and say what would be run. */
  readonly dryRun: boolean;
}

/** Where shard i of the study is made. */
export const shardFolder = (out: string, shard: string): string => `${out}/shard-${shard}`;

export async function submitCommand(args: SubmitArguments): Promise<void> {
  const definition = chosenStudy(args);
  const { shards, cpus } = args;
  if (!Number.isSafeInteger(shards) || shards < 1 || shards > definition.seeds.length)
    throw usageError(`--shards is ${shards}.`, `A study is cut by seed: 1 to ${definition.seeds.length}.`);
  if (!Number.isSafeInteger(cpus) || cpus < 1)
    throw usageError(`--cpus is ${cpus}.`, 'It takes a whole number above 0.');
  const out = resolve(args.out);
  const files = args.system === 'slurm' ? slurmFiles(args, out) : kubernetesFiles(args, out);
  await mkdir(out, { recursive: true });
  for (const name of Object.keys(files)) {
    // A dry run may be followed by the real one.
    if (existsSync(join(out, name)) && (await readFile(join(out, name), 'utf8')) !== files[name])
      throw usageError(`${join(out, name)} exists.`, 'Remove it, or name another folder with --out.');
  }
  for (const [name, text] of Object.entries(files)) await writeWhole(join(out, name), text);
  const command =
    args.system === 'slurm'
      ? ['sbatch', join(out, 'study.sbatch')]
      : ['kubectl', 'apply', '-f', join(out, 'study.yaml')];
  const after = commandLine(
    'unweave',
    'merge',
    join(out, 'merged'),
    ...each(shards, (i) => shardFolder(out, String(i + 1))),
  );
  process.stderr.write(`Written to ${out}: ${Object.keys(files).join(', ')}\n`);
  process.stdout.write(`${commandLine(...(command as [string, ...string[]]))}\n`);
  process.stderr.write(
    args.system === 'slurm' ? `Afterwards: ${after}\n` : 'Afterwards: unweave merge of the shards in the volume.\n',
  );
  if (args.dryRun) return;
  const { error, status } = spawnSync(command[0], command.slice(1), { stdio: ['ignore', 'inherit', 'inherit'] });
  if (error !== undefined || status !== 0)
    throw new CommandError(
      `${command[0]} ${error === undefined ? `ended with ${status}` : 'is not here'}.`,
      error === undefined ? exitCodes.failed : exitCodes.environment,
      'The files are written: submit them where it is.',
    );
}

const each = <T>(count: number, of: (i: number) => T): T[] => Array.from({ length: count }, (_, i) => of(i));

/** A job array: `sbatch` again goes on with what is not done. */
function slurmFiles({ study, preset, shards, cpus }: SubmitArguments, out: string): Record<string, string> {
  const program = commandLine(process.execPath, process.argv[1], 'study', study, '--preset', preset);
  return {
    'study.sbatch': `#!/bin/sh
#SBATCH --job-name=unweave-${study}
#SBATCH --array=1-${shards}
#SBATCH --cpus-per-task=${cpus}
#SBATCH --output="${out}/slurm-%a.log"
#SBATCH --open-mode=append
#SBATCH --requeue
# One shard of the seeds. Killed or requeued, it goes on where it was, also on another node.
export UNWEAVE_TASK="slurm $SLURM_ARRAY_JOB_ID $SLURM_ARRAY_TASK_ID"
exec ${program} --device cpu --threads "$SLURM_CPUS_PER_TASK" \\
  --shard "$SLURM_ARRAY_TASK_ID/${shards}" --out "${shardFolder(out, '$SLURM_ARRAY_TASK_ID')}"
`,
  };
}

/** An Indexed Job, and the Dockerfile of its image. */
function kubernetesFiles(
  { study, preset, shards, cpus, image, claim }: SubmitArguments,
  out: string,
): Record<string, string> {
  if (image === undefined || claim === undefined)
    throw usageError(
      '--kubernetes needs --image NAME and --claim NAME.',
      'The image is built from the Dockerfile of a dry run with any name.',
    );
  const shell = `export UNWEAVE_TASK="$(hostname | sed 's/-[^-]*$//')"; exec node unweave.mjs study ${study} --preset ${preset} --device cpu --threads ${cpus} --shard $((JOB_COMPLETION_INDEX + 1))/${shards} --out /study/shard-$((JOB_COMPLETION_INDEX + 1))`;
  const name = `unweave-${study}-${preset}`.toLowerCase();
  return {
    'study.yaml': `apiVersion: batch/v1
kind: Job
metadata:
  name: ${name}
spec:
  completionMode: Indexed
  completions: ${shards}
  parallelism: ${shards}
  backoffLimitPerIndex: 5
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: study
          image: ${JSON.stringify(image)}
          command: ["/bin/sh", "-c", ${JSON.stringify(shell)}]
          resources:
            requests: { cpu: "${cpus}", memory: 2Gi }
          volumeMounts:
            - { name: study, mountPath: /study }
      volumes:
        - name: study
          persistentVolumeClaim: { claimName: ${JSON.stringify(claim)} }
`,
    Dockerfile: `# Built in the repository: docker build -f ${join(out, 'Dockerfile')} -t ${image} .
FROM node:20-slim
WORKDIR /unweave
COPY package.json package-lock.json .puppeteerrc.cjs ./
RUN npm ci --ignore-scripts
COPY . .
RUN node build.mjs
`,
  };
}

export const submit = defineCommand({
  name: 'submit',
  summary: 'a study as a job array of Slurm or an Indexed Job of Kubernetes',
  usage: ['[NAME] --slurm --shards N --out DIR', '[NAME] --kubernetes --shards N --out DIR --image NAME --claim NAME'],
  takes: { most: 1, what: 'one name', names: Object.keys(studies) },
  options: {
    slurm: { type: 'boolean', about: 'a job array' },
    kubernetes: { type: 'boolean', about: 'an Indexed Job, and the Dockerfile of its image' },
    preset: { type: 'string', value: 'NAME', default: 'standard', about: 'unweave list studies names them' },
    shards: { type: 'string', value: 'N', default: '1', about: 'tasks, at most as many as there are seeds' },
    cpus: { type: 'string', value: 'N', default: '2', about: 'of a task' },
    out: { type: 'string', value: 'DIR', about: 'a folder that all tasks see' },
    image: { type: 'string', value: 'NAME', about: 'of Kubernetes: the container image' },
    claim: { type: 'string', value: 'NAME', about: 'of Kubernetes: the claim of the shared volume' },
    'dry-run': { type: 'boolean', about: 'write the files, and say what would be run' },
  },
  examples: [
    ['unweave submit decline --slurm --shards 10 --out /scratch/me/decline', 'ten tasks; to go on, submit again'],
    ['unweave submit --slurm --shards 2 --out out --dry-run', 'shows the script and runs nothing'],
  ],
  async run(values, [study = 'decline']) {
    if (values.slurm === values.kubernetes) throw usageError('submit needs --slurm or --kubernetes, one of them.');
    if (values.out === undefined) throw usageError('submit needs --out DIR, which all tasks must see.');
    await submitCommand({
      ...values,
      study,
      system: values.slurm ? 'slurm' : 'kubernetes',
      shards: wholeNumber('--shards', values.shards, 1),
      cpus: wholeNumber('--cpus', values.cpus, 1),
      out: values.out,
      dryRun: values['dry-run'],
    });
  },
});
