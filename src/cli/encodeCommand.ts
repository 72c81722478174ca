// `unweave encode RUN`: the posteriors of a data set, or of examples of one's own, by every replica of a run, as .npy files
// that any framework reads; `unweave invariance` too.

import { appendFile, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { npyHeader, widthOf, writeNpy } from '../data';
import { InputError } from '../engine';
import { RUN_SCHEMA_VERSION } from '../studies/run/config';
import { posteriors } from '../studies/run/families';
import { dataOf, lookUp } from '../studies/run/recipe';
import { loadArray } from './arrays';
import { exchange } from './bytes';
import { usageError } from './errors';
import { refuseExisting, refuseForeign } from './folders';
import type { GpuMode } from './launch';
import { Progress } from './output';
import type { Exposed } from './page';
import type { Rows } from './pageRuns';
import { RunFolder, refuseUntrained } from './runFolder';
import { withSession } from './session';

export const encodeOptions = {
  data: { type: 'string' },
  out: { type: 'string' },
  force: { type: 'boolean', default: false },
} as const;

export interface EncodeArguments {
  readonly run: string | undefined;
  readonly data: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly gpu: GpuMode;
  readonly browser: string | undefined;
}

const DESCRIPTION = 'encoding.json';

export async function encodeCommand(args: EncodeArguments): Promise<void> {
  if (args.run === undefined) throw usageError('encode needs a run: unweave encode RUN --out DIR.');
  if (args.out === undefined) throw usageError('encode needs --out DIR.', 'See unweave --help.');
  const out = resolve(args.out);
  refuseExisting(out, args.force);
  await refuseForeign(out, DESCRIPTION);
  const folder = await RunFolder.open(resolve(args.run));
  const { config, populations, replicas } = folder.run;
  refuseUntrained(folder);
  const data = dataOf(config);
  const inputs = widthOf(data);
  const own = args.data === undefined ? undefined : await examplesOf(args.data, inputs, data.real === true);
  const count = own?.count ?? data.count;

  const partial = `${out}.partial`;
  const progress = new Progress();
  let current = 0;
  const { readBytes, writeBytes } = exchange(
    (name) => (name === 'rows' ? own?.bytes : folder.checkpoints[current]?.bytes) ?? new Uint8Array(),
    (name, bytes) => appendFile(arrayFile(partial, name), bytes),
  );
  await withSession(
    {
      browser: args.browser,
      gpu: args.gpu,
      expose: { readBytes, writeBytes },
      onProgress: (stage, share) => progress.update(stage, (current + share) / populations.length),
    },
    async ({ page }) => {
      await begin(partial, folder, count);
      const rows: Rows | null = own === undefined ? null : { count, inputs };
      for (current = 0; current < populations.length; current++) {
        await page.evaluate(
          (job, given) => (globalThis as unknown as Exposed).unweave.encode(job, given),
          folder.job(current),
          rows,
        );
      }
    },
  );
  progress.end();
  if (own === undefined) {
    const combination = (i: number) => data.factors.indicesOf(data.combinationOf?.(i) ?? i);
    const table = Uint32Array.from(Array.from({ length: count }, (_, i) => combination(i)).flat());
    await writeFile(join(partial, 'factors.npy'), writeNpy(table, [count, data.factors.sizes.length]));
  }
  const description = {
    schemaVersion: RUN_SCHEMA_VERSION,
    examples: count,
    latents: config.latents,
    data: own === undefined ? config.data : args.data,
    factors: own === undefined ? data.factors.factors : [],
    replicas: replicas.map((each, r) => ({ ...each, folder: replicaFolder(r), step: stepOfReplica(folder, r) })),
  };
  await writeFile(join(partial, DESCRIPTION), `${JSON.stringify(description, null, 1)}\n`);
  await rm(out, { recursive: true, force: true });
  await mkdir(dirname(out), { recursive: true });
  await rename(partial, out);
  const names = (await readdir(join(out, replicaFolder(0)))).join(', ');
  if (args.json) process.stdout.write(`${JSON.stringify({ ...description, folder: out }, null, 1)}\n`);
  process.stderr.write(
    `Written to ${out}: ${own === undefined ? 'factors.npy; ' : ''}${names} of ${replicas.length} replica(s), ${count} examples\n`,
  );
}

const replicaFolder = (replica: number | string): string => `replica-${replica}`;

/** `3/means` is `replica-3/means.npy`. */
function arrayFile(folder: string, name: string): string {
  const [replica, array] = name.split('/');
  return join(folder, replicaFolder(replica), `${array}.npy`);
}

const stepOfReplica = (folder: RunFolder, replica: number): number =>
  folder.stepOf(folder.run.populations.findIndex((each) => each.includes(replica)));

/** Every file with its header; the values come batch by batch. */
async function begin(partial: string, { run }: RunFolder, count: number): Promise<void> {
  const { config, replicas } = run;
  const { diagonal } = lookUp(posteriors, 'posterior', config.posterior.name);
  const rows = [count, config.latents];
  const shapes = {
    means: rows,
    ...(diagonal ? { logvars: rows } : { cholesky: [...rows, config.latents] }),
    samples: rows,
  };
  await rm(partial, { recursive: true, force: true });
  for (const { replica } of replicas) {
    await mkdir(join(partial, replicaFolder(replica)), { recursive: true });
    for (const [name, shape] of Object.entries(shapes)) {
      await writeFile(arrayFile(partial, `${replica}/${name}`), npyHeader(new Float32Array(), shape));
    }
  }
}

/** Examples of one's own, [examples, ...], as f32. Throws InputError for a shape or a value the models cannot take. */
async function examplesOf(file: string, inputs: number, real: boolean): Promise<{ count: number; bytes: Uint8Array }> {
  const { shape, data } = await loadArray(file);
  const [count = 0] = shape;
  if (shape.length < 2 || count === 0 || data.length !== count * inputs) {
    throw new InputError(
      `${file} has shape [${shape.join(', ')}]; this run takes examples of ${inputs} numbers: [examples, ${inputs}], or images of as many pixels.`,
    );
  }
  const bad = data.findIndex((value) => !(real ? Number.isFinite(value) : value >= 0 && value <= 1));
  if (bad >= 0) {
    throw new InputError(
      `${file}, example ${Math.floor(bad / inputs) + 1}, entry ${(bad % inputs) + 1}: ${data[bad]} is ` +
        (real ? 'not a finite number.' : 'not within 0 ... 1, as pixels here are; divide bytes by 255.'),
    );
  }
  const { buffer } = Float32Array.from(data);
  return { count, bytes: new Uint8Array(buffer) };
}
