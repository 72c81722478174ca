// Data sets out of files: what is written is read back, image for image, and every damage is named.

import { mkdtempSync, openAsBlob, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import {
  type DataSet,
  PackedRows,
  readImages,
  readSprites,
  restrict,
  spriteFactors,
  sprites,
  writeNpy,
} from '../../src/data';
import { archive, npy } from '../cases/archive';
import { draw } from '../cases/draw';

const part = { shape: [1, 2], scale: [5, 5], orientation: [3, 4], posX: [0, 3], posY: [20, 27] } as const;
const factors = restrict(spriteFactors(), part);
const all = Array.from({ length: factors.count }, (_, i) => i);
/** Their images, drawn once. */
const drawn = draw(sprites({ factors: part }), all);
const bytesOf = (images: readonly Float32Array[]) =>
  Uint8Array.from(Buffer.concat(images.map((image) => Uint8Array.from(image))));

/** A file in the form of the original, of the images of `part`; classes and images can be changed. */
async function spriteFile(
  change: (images: Uint8Array, classes: BigInt64Array) => void = () => undefined,
  shape = [factors.count, 64, 64],
) {
  const images = bytesOf(await drawn);
  const classes = BigInt64Array.from(all.flatMap((i) => [0, ...factors.indicesOf(i)]).map(BigInt));
  change(images, classes);
  return archive([
    { name: 'metadata.npy', content: Uint8Array.of(1, 2, 3), deflate: false },
    { name: 'imgs.npy', content: npy('|u1', false, shape.join(', '), images), deflate: true },
    {
      name: 'latents_classes.npy',
      content: npy('<i8', false, `${factors.count}, 6`, new Uint8Array(classes.buffer)),
      deflate: true,
    },
  ]);
}

const blob = (bytes: Uint8Array) => new Blob([Uint8Array.from(bytes)]);

test('dSprites: a file is read back bit for bit', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'unweave-')), 'dsprites.npz');
  writeFileSync(path, await spriteFile());
  const shares: number[] = [];
  const data = await readSprites(await openAsBlob(path), {
    name: 'd.npz',
    factors,
    onProgress: (share) => shares.push(share),
  });
  expect([data.count, data.shape]).toEqual([128, [64, 64, 1]]);
  expect(Buffer.compare(bytesOf(await draw(data, all)), bytesOf(await drawn))).toBe(0);
  expect(shares[shares.length - 1]).toBe(1);
});

test('dSprites: every third image, at 32 x 32', async () => {
  const data = await readSprites(blob(await spriteFile()), { factors, every: 3, side: 32 });
  expect(data.count).toBe(43);
  const kept = [0, 1, 20, 42];
  const combinations = kept.map((i) => data.combinationOf?.(i) ?? -1);
  expect(combinations).toEqual([0, 3, 60, 126]);
  expect(await draw(data, kept)).toEqual(await draw(sprites({ factors: part, side: 32 }), combinations));
});

test.each<[string, () => Promise<Uint8Array>, RegExp]>([
  [
    'fewer rows',
    () => spriteFile(undefined, [64, 128, 64]),
    /d\.npz:imgs has shape \[64,128,64\] of type \|u1; dSprites has \[128,64,64\]/,
  ],
  ['too few bytes', () => spriteFile(undefined, [128, 64, 65]), /imgs is cut off: it has \d+ bytes and needs/],
  [
    'a grey pixel',
    () => spriteFile((images) => images.fill(7, 5 * 4096 + 3, 5 * 4096 + 4)),
    /d\.npz:imgs, image 6, pixel 4 is 7/,
  ],
  [
    'another order',
    () => spriteFile((_, classes) => classes.set([9n], 6 * 50 + 3)),
    /latents_classes, row 51: orientation is 9 and should be 1/,
  ],
  [
    'cut off at the end',
    async () => (await spriteFile()).subarray(0, 2000),
    /d\.npz is no \.npz archive, or it is cut off/,
  ],
  [
    'no member',
    async () => archive([{ name: 'x.npy', content: Uint8Array.of(), deflate: false }]),
    /holds no array "latents_classes"; it holds x/,
  ],
  ['no archive', async () => writeNpy(new Float32Array(4), [4]), /d\.npz has shape \[4\] of type <f4/],
])('dSprites, refused: %s', async (_, file, message) => {
  await expect(file().then((bytes) => readSprites(blob(bytes), { name: 'd.npz', factors }))).rejects.toThrow(message);
});

test('dSprites: the whole set is expected where no part is named', async () => {
  await expect(readSprites(blob(await spriteFile()), { name: 'd.npz' })).rejects.toThrow(
    'dSprites has [737280,6] of <i8',
  );
});

test('a damaged member is named with the byte', async () => {
  const bytes = await spriteFile();
  const damaged = bytes.slice();
  damaged.fill(0xff, 1000, 1100);
  await expect(readSprites(blob(damaged), { name: 'd.npz', factors })).rejects.toThrow(
    /d\.npz:imgs is damaged: it (cannot be unpacked beyond byte|has) \d+/,
  );
});

/** Ten images of 3 x 2 x 3 bytes. */
const pixels = Uint8Array.from({ length: 180 }, (_, i) => (i * 37) % 256);
const labels = Float64Array.from({ length: 20 }, (_, i) => (i % 2 === 0 ? [0.5, 2][(i / 2) % 2] : -Math.floor(i / 8)));

const labelsOf = ({ factors: space, combinationOf }: DataSet, i: number) => space.valuesOf(combinationOf?.(i) ?? -1);

test('images of bytes with labels: an .npz, and two .npy', async () => {
  const content = npy('|u1', false, '10, 3, 2, 3', pixels);
  const both = archive([
    { name: 'images.npy', content, deflate: true },
    { name: 'labels.npy', content: writeNpy(labels, [10, 2]), deflate: false },
  ]);
  const sets = [
    await readImages(blob(both), { name: 'i.npz', names: ['size', 'turn'] }),
    await readImages(blob(content), { labels: blob(writeNpy(labels, [10, 2])), names: ['size', 'turn'] }),
  ];
  for (const data of sets) {
    expect([data.count, data.shape]).toEqual([10, [3, 2, 3]]);
    expect(data.factors.factors).toEqual([
      { name: 'size', values: [0.5, 2] },
      { name: 'turn', values: [-2, -1, 0].map((x) => x + 0) },
    ]);
    for (const i of all.slice(0, 10)) expect(labelsOf(data, i)).toEqual([labels[2 * i], labels[2 * i + 1] + 0]);
    const [last, first] = await draw(data, [9, 0]);
    expect(last).toEqual(Float32Array.from(pixels.subarray(162), (x) => x / 255));
    expect(first).toEqual(Float32Array.from(pixels.subarray(0, 18), (x) => x / 255));
  }
});

test('rows of floats, every fourth', async () => {
  const data = await readImages(
    blob(
      writeNpy(
        Float32Array.from({ length: 30 }, (_, i) => i / 7),
        [10, 3],
      ),
    ),
    {
      every: 4,
      labels: blob(
        writeNpy(
          Float64Array.from({ length: 10 }, (_, i) => i),
          [10],
        ),
      ),
    },
  );
  expect([data.count, data.shape]).toEqual([3, [3]]);
  expect(labelsOf(data, 2)).toEqual([8]);
  expect((await draw(data, [2]))[0]).toEqual(Float32Array.of(24 / 7, 25 / 7, 26 / 7));
});

test('factors that are given take the place of labels', async () => {
  const images = blob(npy('|u1', false, '128, 2, 2', new Uint8Array(512)));
  const data = await readImages(images, { factors, every: 2 });
  expect(data.combinationOf?.(3)).toBe(6);
  await expect(readImages(blob(npy('|u1', false, '3, 2, 2', new Uint8Array(12))), { factors })).rejects.toThrow(
    '128 combinations',
  );
});

test.each<[string, Uint8Array, Uint8Array | undefined, string]>([
  ['cut off', npy('|u1', false, '10, 3, 6', pixels.subarray(0, 100)), undefined, 'is cut off'],
  [
    'no labels',
    archive([{ name: 'images.npy', content: npy('|u1', false, '10, 18', pixels), deflate: true }]),
    undefined,
    'holds no array "labels"',
  ],
  [
    'other labels',
    npy('|u1', false, '10, 18', pixels),
    writeNpy(new Float64Array(9), [9]),
    'for 10 images labels are [10]',
  ],
  [
    'not a number',
    writeNpy(Float32Array.of(1, Number.NaN), [2, 1]),
    writeNpy(new Float64Array(2), [2]),
    'row 2, entry 1 is NaN',
  ],
  [
    'no rows',
    writeNpy(new Float32Array(4), [4]),
    writeNpy(new Float64Array(4), [4]),
    'images are [rows, height, width]',
  ],
  [
    'Fortran order',
    npy('|u1', true, '10, 18', pixels),
    writeNpy(new Float64Array(10), [10]),
    'numpy.ascontiguousarray',
  ],
])('images, refused: %s', async (_, file, given, message) => {
  const options = { name: 'i', labels: given === undefined ? undefined : blob(given) };
  const attempt =
    given === undefined && file[0] !== 0x50
      ? readImages(blob(file), {
          ...options,
          factors: restrict(spriteFactors(), {
            shape: [0, 0],
            scale: [0, 0],
            orientation: [0, 9],
            posX: [0, 0],
            posY: [0, 0],
          }),
        })
      : readImages(blob(file), options);
  await expect(attempt).rejects.toThrow(message);
});

test('rows that lie in several buffers are one set', async () => {
  const rows = new PackedRows('parts', 7, 40, 1, 3 * 8);
  const content = Array.from({ length: 7 }, (_, r) =>
    Uint8Array.from({ length: 40 }, (_unused, i) => ((i * (r + 3)) % 5 === 0 ? 1 : 0)),
  );
  for (const [r, values] of content.entries()) rows.set(r, values);
  expect(rows.stored.map(({ shape }) => shape[0])).toEqual([3, 3, 1]);
  const set = { open: rows.open.bind(rows), batch: rows.batch.bind(rows) } as unknown as DataSet;
  expect(await draw(set, [6, 0, 3, 5])).toEqual([6, 0, 3, 5].map((r) => Float32Array.from(content[r])));
});
