// Every reader against mutants of valid files: bytes flipped, removed, repeated and replaced, numbers that lie. What comes back
// is a value that the format allows, or an InputError; nothing else, nothing slow, nothing large. Seeded: the same mutants in
// every run. FUZZ=10 makes ten times as many.

import { expect, test } from 'vitest';
import { parseBaseline } from '../../bench/baseline';
import { parseTunings } from '../../src/cli/tuningFile';
import {
  npzNames,
  readColumns,
  readImages,
  readNpy,
  readNpz,
  readSafetensors,
  readSprites,
  readText,
  writeNpy,
  writeSafetensors,
} from '../../src/data';
import { crc32 } from '../../src/data/files/crc32';
import { InputError } from '../../src/engine';
import { threefry } from '../../src/engine/random/threefry';
import { readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint';
import { jobsOf, RUN_SCHEMA_VERSION, readRun, replicasOf } from '../../src/runs/config';
import { parseRecord, recordOf, writeRecord } from '../../src/runs/record';
import { archive, npy } from '../cases/archive';

const MOST_MS = 200;
const MOST_BYTES = 64 * 2 ** 20;
const TIMES = Number(process.env.FUZZ ?? 1);

/** Whole numbers below n, the same for the same seed. */
function numbersOf(seed: number): (n: number) => number {
  let counter = 0;
  return (n) => Math.floor((threefry([seed, 991], [counter++, 0])[0] / 2 ** 32) * n);
}

/** Bytes that mean something in one of the formats. */
const TELLING = [
  '-1',
  '0',
  '1e9',
  '300000000',
  '9007199254740993',
  'NaN',
  'null',
  '[]',
  '{}',
  '"',
  "'",
  ',',
  '(',
  ')',
  '\n',
  '<f8',
  '|u1',
  '<constructor',
  '__proto__',
  'True',
  '[[[[',
  '1.5',
].map((text) => new TextEncoder().encode(text));

function mutant(original: Uint8Array, below: (n: number) => number): Uint8Array {
  let bytes = original.slice();
  for (let change = 1 + below(3); change > 0; change--) {
    const at = below(bytes.length + 1);
    const length = Math.min(bytes.length - at, 1 + below(below(4) === 0 ? bytes.length : 8));
    const splice = (removed: number, added: Uint8Array): void => {
      const next = new Uint8Array(bytes.length - removed + added.length);
      next.set(bytes.subarray(0, at));
      next.set(added, at);
      next.set(bytes.subarray(at + removed), at + added.length);
      bytes = next;
    };
    const kinds = [
      () => bytes.fill(bytes[at] ^ (1 << below(8)), at, at + 1),
      () => bytes.fill(below(256), at, at + 1),
      () => splice(length, new Uint8Array()),
      () => splice(0, bytes.slice(at, at + length)),
      () => splice(0, TELLING[below(TELLING.length)]),
      () => splice(length, TELLING[below(TELLING.length)]),
      () => bytes.fill([0, 255][below(2)], at, at + length),
      () => {
        bytes = bytes.slice(0, at);
      },
    ];
    kinds[below(kinds.length)]();
  }
  return bytes;
}

interface Reader {
  /** Valid files, of which the mutants are made. */
  readonly files: readonly Uint8Array[];
  readonly mutants: number;
  /** Reads one; throws or returns what is wrong with the value that it gives. */
  read(bytes: Uint8Array): string | undefined | Promise<string | undefined>;
}

const blob = (bytes: Uint8Array): Blob => new Blob([Uint8Array.from(bytes)]);
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
const encoded = (value: unknown): Uint8Array =>
  new TextEncoder().encode(typeof value === 'string' ? value : JSON.stringify(value));

/** numpy's rules: sizes are whole numbers from 0 on, and there are as many values as they make. */
function wrongArray({ shape, data }: { shape: readonly number[]; data: ArrayLike<number> }): string | undefined {
  if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) return `shape [${shape}]`;
  const product = shape.reduce((total, n) => total * n, 1);
  return product === data.length ? undefined : `shape [${shape}] of ${data.length} values`;
}

const images = writeNpy(
  Float32Array.from({ length: 24 }, (_, i) => (i % 7) / 7),
  [6, 2, 2],
);
const labels = writeNpy(Uint32Array.of(0, 1, 2, 0, 1, 2), [6]);
const members = [
  { name: 'images.npy', content: images, deflate: true },
  { name: 'labels.npy', content: labels, deflate: false },
];
const config = {
  data: [{ name: 'squares', options: { side: 16 } }],
  architecture: { name: 'mlp', hidden: [8, 8] },
  latents: 3,
  posteriors: [{ name: 'full', numbers: { offDiagonal: [1] } }],
  objectives: [{ name: 'betaVae', numbers: { beta: [1, 4], lambda: [0] } }],
  learningRate: [0.002],
  batch: 16,
  steps: 100,
  seeds: [0, 1],
  every: 100,
  saveEvery: 100,
};
const run = { schemaVersion: RUN_SCHEMA_VERSION, config, replicas: [] };
const [job] = await jobsOf(replicasOf(config));
const saved = { step: 100, values: { parameters: Float32Array.of(1, 2, 3, 4), step: Uint32Array.of(100) } };
const checkpoint = await writeCheckpoint(job, { saved, curves: { kl: [3, 2] } });
const record = await writeRecord(recordOf(job, 'cpu', { status: 'done', curves: { kl: [3, 2] }, measures: {} }));
const baseline = {
  schemaVersion: 1,
  adapter: { vendor: 'v', architecture: 'a' },
  cases: [{ name: 'a/b', medianMs: 2.5 }],
};

const readers: Record<string, Reader> = {
  npy: {
    files: [
      writeNpy(Float64Array.of(1, 2, 3, 4, 5, 6), [2, 3]),
      npy('<i2', true, '2, 2', new Uint8Array(8)),
      npy('|b1', false, '3,', Uint8Array.of(1, 0, 1)),
      writeNpy(Float32Array.of(7), []),
    ],
    mutants: 40_000,
    read: (bytes) => wrongArray(readNpy(bytes, 'f.npy')),
  },
  npz: {
    files: [archive(members)],
    mutants: 6000,
    async read(bytes) {
      const wrong: (string | undefined)[] = [];
      for (const name of npzNames(bytes, 'f.npz').slice(0, 2))
        wrong.push(wrongArray(await readNpz(bytes, name, 'f.npz')));
      return wrong.find((each) => each !== undefined);
    },
  },
  images: {
    files: [archive(members), images],
    mutants: 4000,
    async read(bytes) {
      const { count, shape } = await readImages(blob(bytes), { name: 'f', labels: blob(labels) });
      return wrongArray({
        shape: [count, ...shape],
        data: new Uint8Array(Math.min(count * shape[0], 1e6) * (shape[1] ?? 1) * (shape[2] ?? 1)),
      });
    },
  },
  sprites: {
    files: [archive([{ name: 'imgs.npy', content: writeNpy(new Uint32Array(8), [8]), deflate: true }])],
    mutants: 1000,
    read: (bytes) => readSprites(blob(bytes), { name: 'f' }).then(() => undefined),
  },
  text: {
    files: [encoded('a,b,"c d"\n1,2,3\n-4.5e3,inf,nan\n'), encoded('1 2 # x\n3 4\n'), encoded('"x;y";2\n3;4\n')],
    mutants: 25_000,
    read(bytes) {
      const table = readColumns(text(bytes), 'f.csv');
      for (let j = 0; j < table.names.length; j++)
        if (table.labels(j).length !== table.count) return 'labels of another length';
      return wrongArray(readText(text(bytes), 'f.csv'));
    },
  },
  safetensors: {
    files: [
      writeSafetensors({
        tensors: {
          a: { shape: [2], data: Float32Array.of(1, 2) },
          b: { shape: [1, 3], data: Uint32Array.of(1, 2, 3) },
        },
        metadata: { k: 'v' },
      }),
    ],
    mutants: 12_000,
    read: (bytes) =>
      Object.values(readSafetensors(bytes, 'f').tensors)
        .map(wrongArray)
        .find((each) => each !== undefined),
  },
  checkpoint: {
    files: [checkpoint],
    mutants: 6000,
    async read(bytes) {
      const { step } = (await readCheckpoint(bytes, 'f', job)).saved;
      return step === 100 ? undefined : `step ${step}`;
    },
  },
  record: {
    files: [record],
    mutants: 4000,
    async read(bytes) {
      const { name } = await parseRecord(bytes, 'f');
      return name === job.name ? undefined : `of ${name}`;
    },
  },
  config: {
    files: [encoded(run)],
    mutants: 30_000,
    read(bytes) {
      const { config: found, replicas } = readRun(text(bytes), 'config.json');
      return replicas.length % found.seeds.length === 0 ? undefined : 'replicas of another number';
    },
  },
  tunings: {
    files: [encoded({ 'v|a|d': { 'matmul/nn/1x64x64x64': '8x8' }, other: {} })],
    mutants: 4000,
    read(bytes) {
      try {
        const all = Object.values(parseTunings(text(bytes))).flatMap((each) => Object.values(each));
        return all.every((each) => typeof each === 'string') ? undefined : 'a winner that is no text';
      } catch (error) {
        if (error instanceof SyntaxError) throw new InputError('no JSON');
        throw error;
      }
    },
  },
  baseline: {
    files: [encoded(baseline)],
    mutants: 4000,
    read: (bytes) =>
      parseBaseline(text(bytes), 'f').cases.every(({ medianMs }) => medianMs > 0) ? undefined : 'no time',
  },
};

test('there are at least 100,000 mutants', () => {
  expect(Object.values(readers).reduce((sum, { mutants }) => sum + mutants, 0)).toBeGreaterThanOrEqual(100_000);
});

const describeError = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${error.message}` : String(error);

/** Files that were read, and refused. */
const counts = { read: 0, refused: 0 };

/** Reads one file: what is wrong with what happened, if anything. */
async function problemOf({ read }: Reader, bytes: Uint8Array): Promise<string | undefined> {
  const before = process.memoryUsage.rss();
  const start = performance.now();
  let problem: string | undefined;
  try {
    problem = await read(bytes);
    counts.read++;
  } catch (error) {
    counts.refused++;
    if (!(error instanceof InputError)) problem = `threw ${describeError(error)}`;
    else if (error.message.length > 1000) problem = `an error of ${error.message.length} characters`;
  }
  const ms = performance.now() - start;
  if (ms > MOST_MS) problem ??= `took ${ms.toFixed(0)} ms`;
  const grown = process.memoryUsage.rss() - before;
  if (grown > MOST_BYTES) problem ??= `took ${(grown / 2 ** 20).toFixed(0)} MiB`;
  return problem;
}

test.each(Object.keys(readers))(
  '%s: every mutant gives a value that is allowed, or an InputError',
  async (name) => {
    const reader = readers[name];
    Object.assign(counts, { read: 0, refused: 0 });
    for (const [f, file] of reader.files.entries()) {
      const below = numbersOf(100 * Object.keys(readers).indexOf(name) + f);
      for (let m = 0; m < (TIMES * reader.mutants) / reader.files.length; m++) {
        const bytes = mutant(file, below);
        // A garbage collector may pause: what is slow is tried again.
        const problem = (await problemOf(reader, bytes)) && (await problemOf(reader, bytes));
        if (problem !== undefined)
          expect.unreachable(`mutant ${m} of file ${f}: ${problem}\n${JSON.stringify(text(bytes).slice(0, 600))}`);
      }
    }
    // Neither a reader that takes nothing nor one that takes everything would be tested.
    expect(counts.refused).toBeGreaterThan(name === 'tunings' ? 0 : reader.mutants / 20);
    if (name !== 'checkpoint' && name !== 'record' && name !== 'sprites')
      expect(counts.read).toBeGreaterThan(reader.mutants / 100);
  },
  60_000 * TIMES,
);

/** A header that lies about a file of a few bytes. */
const lying = (descr: string, shape: string, values = new Uint8Array(8)) => npy(descr, false, shape, values);

test.each<[string, string, () => Uint8Array]>([
  ['a constructor as a type', 'npy', () => lying('<constructor', '1,')],
  ['a size below 0', 'npy', () => lying('<f8', '-1,')],
  ['half a size', 'npy', () => lying('<f8', '1.5,')],
  ['a size that is no number', 'npy', () => lying('<f8', 'NaN,')],
  ['one size without a comma', 'npy', () => lying('<f8', '1')],
  ['sizes beyond any file', 'npy', () => lying('<f8', '300000000, 300000000, 300000000')],
  ['bytes after the array', 'npy', () => lying('<f8', '1,', new Uint8Array(9))],
  ['a fourth entry', 'npy', () => npy("<f8', 'x': 'y", false, '1,', new Uint8Array(8))],
  ['nothing by three hundred million', 'images', () => lying('<f8', '0, 300000000', new Uint8Array())],
  ['three hundred million times nothing', 'images', () => lying('<f8', '300000000, 0', new Uint8Array())],
  ['images that are not there', 'images', () => lying('<f4', '3000000, 8, 8')],
  [
    'a header of four gigabytes',
    'images',
    () => Uint8Array.of(0x93, ...Buffer.from('NUMPY'), 2, 0, 255, 255, 255, 255),
  ],
])('a file that lies is refused at once: %s', async (_, name, make) => {
  const reader = readers[name];
  const bytes = make();
  await expect((async () => reader.read(bytes))()).rejects.toThrow(InputError);
  expect(await problemOf(reader, bytes)).toBeUndefined();
});

/** An archive whose member says something else of itself than what it is. */
function lyingArchive(change: (central: DataView) => void, content: Uint8Array): Uint8Array {
  const bytes = archive([{ name: 'a.npy', content, deflate: true }]);
  const view = new DataView(bytes.buffer);
  let at = bytes.length - 22;
  at = view.getUint32(at + 16, true);
  change(new DataView(bytes.buffer, at));
  return bytes;
}

const zeros = writeNpy(new Float32Array(2 ** 20), [2 ** 20]);

test.each<[string, () => Uint8Array, RegExp]>([
  ['another checksum', () => lyingArchive((c) => c.setUint32(16, 7, true), images), /checksum \(CRC-32\)/],
  ['fewer bytes than it has', () => lyingArchive((c) => c.setUint32(24, 100, true), zeros), /more than the 100 bytes/],
  [
    'more bytes than it has',
    () => lyingArchive((c) => c.setUint32(24, zeros.length + 1, true), zeros),
    /bytes after its last value/,
  ],
  [
    'more than deflate can pack',
    () => lyingArchive((c) => c.setUint32(24, 2 ** 31, true), images),
    /cannot be 2147483648/,
  ],
  ['a password', () => lyingArchive((c) => c.setUint16(8, 1, true), images), /is encrypted/],
])('an archive that lies is refused: %s', async (_, make, message) => {
  await expect(readNpz(make(), 'a', 'f.npz')).rejects.toThrow(InputError);
  await expect(readNpz(make(), 'a', 'f.npz')).rejects.toThrow(message);
});

test('two members of one name are refused, and a bomb is not unpacked', async () => {
  const twice = archive([...members, members[0]]);
  await expect(readNpz(twice, 'images', 'f.npz')).rejects.toThrow('more than one array called "images"');
  const header = npy('|u1', false, `${2 ** 28},`, new Uint8Array());
  const bomb = archive([
    { name: 'a.npy', content: Buffer.concat([header, new Uint8Array(2 ** 28)]), deflate: true, crc: 0 },
  ]);
  expect(bomb.length).toBeLessThan(2 ** 19);
  const start = performance.now();
  await expect(readNpz(bomb, 'a', 'f.npz')).rejects.toThrow(/holds 268435456 values; up to 67108864 are read/);
  expect(performance.now() - start).toBeLessThan(MOST_MS);
}, 60_000);

test('the checksum is that of zip archives, in pieces too', () => {
  // The check value of the polynomial.
  expect(crc32(encoded('123456789'))).toBe(0xcbf43926);
  expect(crc32(encoded('6789'), crc32(encoded('12345')))).toBe(0xcbf43926);
  expect(crc32(new Uint8Array())).toBe(0);
});

/** An .npy file of version 2.0 with this header and these values. */
function withHeader(header: string, values: number): Uint8Array {
  const bytes = new Uint8Array(12 + header.length + values);
  bytes.set([0x93, ...Array.from('NUMPY', (c) => c.charCodeAt(0)), 2, 0]);
  new DataView(bytes.buffer).setUint32(8, header.length, true);
  bytes.set(new TextEncoder().encode(header), 12);
  return bytes;
}

const described = (descr: string, shape: string): string =>
  `{'descr': ${descr}, 'fortran_order': True, 'shape': ${shape}}\n`;

test.each([
  ['a header of 60 KB', () => readNpy(withHeader(described("'|u1'", `(${'0,'.repeat(30_000)})`), 0), 'x')],
  ['a tuple of blanks', () => readNpy(withHeader(described("'|u1'", `(1,${' '.repeat(9000)}`), 0), 'x')],
  ['65 dimensions', () => readNpy(withHeader(described("'|u1'", `(${'1,'.repeat(65)})`), 1), 'x')],
  ['a cell of 20 MB in quotes', () => readText(`a,b\n"${'x'.repeat(2e7)}",1\n`, 'x')],
  ['20 MB of quotes', () => readText(`a,b\n${'"'.repeat(2e7)},#1\n`, 'x')],
])('a large file that lies is refused as fast as a small one: %s', (_, read) => {
  const begun = performance.now();
  expect(read).toThrow(InputError);
  expect(performance.now() - begun).toBeLessThan(2000);
});

test.each([
  ["a type without byte order: 'u1'", withHeader(described("'u1'", '(2,)'), 2), [0, 0]],
  ['double quotes', withHeader('{"descr": "<u2", "fortran_order": False, "shape": (1,)}', 2), [0]],
  ['long numbers of Python 2', withHeader(described("'|u1'", '(1L, 2L)'), 2), [0, 0]],
  ['no dimension', withHeader(described("'<f8'", '()'), 8), [0]],
])('what numpy reads is read: %s', (_, bytes, values) => {
  expect(Array.from(readNpy(bytes as Uint8Array, 'x').data)).toEqual(values);
});

test('tabs at the edges of a table are cells', () => {
  const { names, labels, count } = readColumns('\ta\tb\n0\t1\t2\n1\t3\t\n', 'pandas.tsv');
  expect([names, count, Array.from(labels(1))]).toEqual([['', 'a', 'b'], 2, [1, 3]]);
  const single = readColumns('\ta\n0\t5\n', 'one.tsv');
  expect([single.names, Array.from(single.numbers(1))]).toEqual([['', 'a'], [5]]);
  expect(readColumns(' 1 2\t\n 3 4\t\n', 'blanks.txt').names.length).toBe(2);
});
