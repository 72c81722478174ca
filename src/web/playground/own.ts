// A visitor's own data as the files that `readImages` takes: an .npz, an .npy of images with an .npy of labels, or pictures in folders, whose
// names say their factors: `scale=2_posX=5.png` names two, and otherwise each level of folders is one.

import { writeNpy } from '../../data/files/npy';
import { InputError } from '../../engine';
import type { OwnFiles } from '../lab/protocol';

/** Pixels on a side that pictures are brought to, and how many are taken. */
const SIDE = 32;
const MOST = 20_000;

const bytesOf = async (file: File): Promise<Uint8Array<ArrayBuffer>> => new Uint8Array(await file.arrayBuffer());

/** Throws InputError, naming what is missing. */
export async function ownFilesOf(files: readonly File[]): Promise<OwnFiles> {
  const arrays = files.filter(({ name }) => /\.np[yz]$/i.test(name));
  if (arrays.length === 0) return await fromPictures(files);
  if (arrays.length === 1) return { images: await bytesOf(arrays[0]) };
  const isLabels = ({ name }: File) => /label|factor|target|class/i.test(name);
  const images = arrays.filter((file) => !isLabels(file));
  const labels = arrays.filter(isLabels);
  if (arrays.length > 2 || images.length !== 1 || labels.length !== 1)
    throw new InputError(
      `Of ${arrays.map(({ name }) => name).join(', ')} one must be images and one labels: call the latter labels.npy or factors.npy.`,
    );
  return { images: await bytesOf(images[0]), labels: await bytesOf(labels[0]) };
}

async function fromPictures(files: readonly File[]): Promise<OwnFiles> {
  if (files.length > MOST)
    throw new InputError(`These are ${files.length} pictures; the page takes ${MOST}: pack them into an .npz.`);
  const sorted = [...files].sort((a, b) => (pathOf(a) < pathOf(b) ? -1 : 1));
  const pixels = new Uint8Array(sorted.length * SIDE * SIDE * 3);
  const canvas = new OffscreenCanvas(SIDE, SIDE);
  const context = canvas.getContext('2d', { willReadFrequently: true });
  if (context === null) throw new Error('this browser has no 2-D canvas');
  for (const [i, file] of sorted.entries()) {
    const image = await createImageBitmap(file).catch(() => {
      throw new InputError(`${pathOf(file)} is no picture that this browser can read.`);
    });
    context.clearRect(0, 0, SIDE, SIDE);
    context.drawImage(image, 0, 0, SIDE, SIDE);
    image.close();
    const { data } = context.getImageData(0, 0, SIDE, SIDE);
    for (let p = 0; p < SIDE * SIDE; p++)
      for (let c = 0; c < 3; c++) pixels[(i * SIDE * SIDE + p) * 3 + c] = data[4 * p + c];
  }
  const labels = labelsOf(sorted.map(pathOf));
  return {
    images: writeNpy(pixels, [sorted.length, SIDE, SIDE, 3]),
    labels: writeNpy(labels.values, [sorted.length, labels.factors]),
  };
}

const pathOf = (file: File): string => file.webkitRelativePath || file.name;

/** Value numbers [picture][factor] out of paths; one constant factor where they say nothing. */
export function labelsOf(paths: readonly string[]): {
  readonly factors: number;
  readonly values: Float32Array<ArrayBuffer>;
} {
  const named = paths.map(
    (path) => new Map([...path.matchAll(/([A-Za-z]\w*?)=(-?\d+(?:\.\d+)?)/g)].map(([, name, value]) => [name, value])),
  );
  const names = [...(named[0] ?? new Map<string, string>()).keys()];
  const byName = names.length > 0 && named.every((each) => names.every((name) => each.has(name)));
  const folders = paths.map((path) => path.split('/').slice(0, -1));
  const depth = Math.min(...folders.map(({ length }) => length));
  const columns: string[][] = byName
    ? names.map((name) => named.map((each) => each.get(name) ?? ''))
    : Array.from({ length: depth }, (_, level) => folders.map((parts) => parts[level])).filter(
        (column) => new Set(column).size > 1,
      );
  const used = columns.length > 0 ? columns : [paths.map(() => '')];
  const numbers = used.map((column) => {
    const values = [...new Set(column)].sort((a, b) => Number(a) - Number(b) || (a < b ? -1 : 1));
    return column.map((value) => values.indexOf(value));
  });
  return {
    factors: used.length,
    values: Float32Array.from(paths.flatMap((_, i) => numbers.map((column) => column[i]))),
  };
}
