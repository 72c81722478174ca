// `unweave encode RUN`: the posteriors of a data set, or of examples of one's own, by every replica of a run, as .npy files
// that any framework reads; `unweave invariance` too.

import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type DataSet, npyHeader, widthOf, writeNpy } from '../../data';
import { InputError } from '../../engine';
import { RUN_SCHEMA_VERSION } from '../../runs/config';
import { posteriors } from '../../runs/families';
import { dataOf, lookUp } from '../../runs/recipe';
import { loadArray } from '../arrays';
import { commandLine, next, usageError } from '../errors';
import { append, checkWritable, makeFolder, type Product, refuseExisting } from '../folders';
import { type HostOptions, threadsOf, withHost } from '../hosts';
import { Progress } from '../output';
import { RunFolder } from '../runFolder';
import { refuseUntrained, trainedOf } from '../runPopulations';
import type { Channel } from '../work';
import type { OwnExamples, PopulationJob } from '../work/runs';
import { defineCommand, force, json, where, whereOf } from './command';

export interface EncodeArguments {
  readonly run: string | undefined;
  readonly data: string | undefined;
  readonly out: string | undefined;
  readonly force: boolean;
  readonly json: boolean;
  readonly where: HostOptions;
}

const DESCRIPTION = 'encoding.json';

export async function encodeCommand(args: EncodeArguments): Promise<void> {
  if (args.run === undefined) throw usageError('encode needs a run: unweave encode RUN --out DIR.');
  if (args.out === undefined) throw usageError('encode needs --out DIR.', 'See unweave encode --help.');
  const out = resolve(args.out);
  const target = { folder: out, force: args.force, product: ENCODING };
  await refuseExisting(target);
  const folder = await RunFolder.open(resolve(args.run));
  const { config } = folder.run;
  refuseUntrained(folder);
  const sets = config.data.map((data) => dataOf({ data }));
  const [first] = sets;
  const odd = sets.find((set) => widthOf(set) !== widthOf(first) || set.real !== first.real);
  if (args.data !== undefined && odd !== undefined)
    throw usageError(
      `The models of ${folder.path} take examples of several kinds: ${first.name} and ${odd.name}.`,
      'Without --data each encodes its own data set.',
    );
  const inputs = widthOf(first);
  const own = args.data === undefined ? undefined : await examplesOf(args.data, inputs, first.real === true);
  const several = own === undefined && sets.length > 1;
  const countOf = (replica: number): number => own?.count ?? dataOf(folder.run.replicas[replica].setting).count;

  await checkWritable(out);
  const progress = new Progress();
  const description = {
    schemaVersion: RUN_SCHEMA_VERSION,
    examples: own?.count ?? (several ? null : first.count),
    latents: config.latents,
    data: own === undefined ? config.data : args.data,
    factors: own === undefined && !several ? first.factors.factors : [],
    replicas: folder.described.replicas.flatMap((each, r) =>
      folder.diverged[r] === undefined
        ? [
            {
              ...each,
              folder: replicaFolder(r),
              step: folder.stepOf(r),
              examples: countOf(r),
              ...(several ? { factors: dataOf(folder.run.replicas[r].setting).factors.factors } : {}),
            },
          ]
        : [],
    ),
  };
  await makeFolder(target, async (staged) => {
    const populations = trainedOf(folder, { threads: threadsOf(args.where) });
    const updates = progress.parts(populations.length);
    const examples: OwnExamples | null = own === undefined ? null : { count: own.count, inputs };
    const channelOf = ({ jobs }: PopulationJob, p: number): Channel => ({
      progress: updates[p],
      read(name, offset, length) {
        if (name !== 'rows') return Promise.resolve(folder.part(name, offset, length));
        return Promise.resolve(Uint8Array.from(own?.bytes.subarray(offset, offset + length) ?? []));
      },
      write(name, bytes) {
        const [place, array] = name.split('/');
        const replica = folder.replicaOf.get(jobs[Number(place)].name) ?? -1;
        return append(arrayFile(staged, replica, array), bytes);
      },
    });
    await withHost(args.where, async (host) => {
      process.stderr.write(`Runs on: ${host.says}\n`);
      await begin(staged, folder, countOf);
      await Promise.all(
        populations.map((population, p) => host.run('encode', { population, examples }, channelOf(population, p))),
      );
    });
    if (several)
      for (const { replica, folder: place } of description.replicas)
        await writeFile(join(staged, place, FACTORS), factorTable(dataOf(folder.run.replicas[replica].setting)));
    else if (own === undefined) await writeFile(join(staged, FACTORS), factorTable(first));
    await writeFile(join(staged, DESCRIPTION), `${JSON.stringify(description, null, 1)}\n`);
  });
  progress.end();
  const names = (await readdir(join(out, description.replicas[0].folder))).join(', ');
  if (args.json) process.stdout.write(`${JSON.stringify({ ...description, folder: out }, null, 1)}\n`);
  process.stderr.write(
    `Written to ${out}: ${own === undefined && !several ? `${FACTORS}; ` : ''}${names} of ${description.replicas.length} replica(s), ` +
      `${description.examples ?? 'their own'} examples\n`,
  );
  const [{ folder: place, setting }] = description.replicas;
  const at = (name: string): string => join(out, place, `${name}.npy`);
  const { diagonal } = lookUp(posteriors, 'posterior', String(setting.posterior));
  next(
    ...(own === undefined
      ? [
          commandLine(
            'unweave',
            'metrics',
            '--codes',
            at('means'),
            '--factors',
            several ? at('factors') : join(out, FACTORS),
          ),
        ]
      : []),
    commandLine(
      'unweave',
      'invariance',
      '--means',
      at('means'),
      ...(diagonal ? ['--logvar', at('logvars')] : ['--cholesky', at('cholesky')]),
    ),
  );
}

/** How a folder that this command made is known. */
const ENCODING: Product = {
  mark: DESCRIPTION,
  isOwn: (content) => typeof content === 'object' && content !== null && 'examples' in content && 'replicas' in content,
  names: /^(factors\.npy|replica-\d+(\/(means|logvars|cholesky|samples|factors)\.npy)?)$/,
};

/** The number of every factor's value, [examples, factors]. */
function factorTable(data: DataSet): Uint8Array {
  const combination = (i: number) => data.factors.indicesOf(data.combinationOf?.(i) ?? i);
  const table = Uint32Array.from(Array.from({ length: data.count }, (_, i) => combination(i)).flat());
  return writeNpy(table, [data.count, data.factors.sizes.length]);
}

const FACTORS = 'factors.npy';

const replicaFolder = (replica: number): string => `replica-${replica}`;

const arrayFile = (folder: string, replica: number, array: string): string =>
  join(folder, replicaFolder(replica), `${array}.npy`);

/** Every file with its header; the values come batch by batch. */
async function begin(
  staged: string,
  { run, diverged }: RunFolder,
  countOf: (replica: number) => number,
): Promise<void> {
  const { config, replicas } = run;
  for (const { replica, setting } of replicas) {
    if (diverged[replica] !== undefined) continue;
    const rows = [countOf(replica), config.latents];
    const { diagonal } = lookUp(posteriors, 'posterior', setting.posterior.name);
    const shapes = {
      means: rows,
      ...(diagonal ? { logvars: rows } : { cholesky: [...rows, config.latents] }),
      samples: rows,
    };
    await mkdir(join(staged, replicaFolder(replica)), { recursive: true });
    for (const [name, shape] of Object.entries(shapes)) {
      await writeFile(arrayFile(staged, replica, name), npyHeader(new Float32Array(), shape));
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

export const encode = defineCommand({
  name: 'encode',
  summary: 'the posteriors of a data set by every replica of a run, as .npy files',
  usage: ['RUN --out DIR', 'RUN --out DIR --data images.npy'],
  takes: { most: 1, what: 'one run' },
  options: {
    out: {
      type: 'string',
      value: 'DIR',
      about: 'a folder for each replica: means, logvars or cholesky, samples; factors.npy beside them',
    },
    data: {
      type: 'string',
      value: 'FILE',
      about: 'examples of your own instead of the data set of the run, .npy or .npz:name, values 0 ... 1',
    },
    ...force,
    ...json,
    ...where,
  },
  examples: [
    ['unweave encode runs/mine --out codes', 'codes/replica-0/means.npy [examples, latents] and so on'],
    ['unweave encode runs/mine --out codes --data photos.npz:images', 'of images that the models have not seen'],
  ],
  run: ({ data, out, force: replace, json: document, ...values }, [run]) =>
    encodeCommand({ run, data, out, force: replace, json: document, where: whereOf(values) }),
});
