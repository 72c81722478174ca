// Files of numbers: what is written is read back, what other programs write is read, what is damaged is named.

import { expect, test } from 'vitest';
import { npzNames, readNpy, readNpz, readText, writeNpy } from '../../src/data';
import { archive, npy } from '../cases/archive';

test.each([
  [new Float32Array([1.5, -2, 3, 4, 5, 6]), [2, 3]],
  [new Float64Array([Math.PI, 0]), [2]],
  [new Uint32Array([4294967295]), [1, 1, 1]],
  [new Float32Array([7]), []],
] as const)('an array written as .npy is read back', (data, shape) => {
  const read = readNpy(writeNpy(data, shape), 'a.npy');
  expect(read.shape).toEqual(shape);
  expect(Array.from(read.data)).toEqual(Array.from(data));
});

test('Fortran order, big-endian and integer types', () => {
  const fortran = npy('<i2', true, '2, 3', new Uint8Array(Int16Array.of(1, 4, 2, 5, 3, -6).buffer));
  expect(Array.from(readNpy(fortran, 'f').data)).toEqual([1, 2, 3, 4, 5, -6]);
  expect(Array.from(readNpy(npy('>f4', false, '1,', Uint8Array.of(0x3f, 0x80, 0, 0)), 'b').data)).toEqual([1]);
  expect(Array.from(readNpy(npy('|b1', false, '2,', Uint8Array.of(1, 0)), 'c').data)).toEqual([1, 0]);
  // numpy's bits of 1, -2.5, 65504, 6e-8, 0.1, -0, and infinity.
  const half = new Uint8Array(Uint16Array.of(15360, 49408, 31743, 1, 11878, 32768, 31744).buffer);
  expect(Array.from(readNpy(npy('<f2', false, '7,', half), 'h').data)).toEqual([
    1,
    -2.5,
    65504,
    2 ** -24,
    0.0999755859375,
    -0,
    Number.POSITIVE_INFINITY,
  ]);
  expect(Array.from(readNpy(npy('<i8', false, '1,', new Uint8Array(BigInt64Array.of(-3n).buffer)), 'd').data)).toEqual([
    -3,
  ]);
});

test('damaged .npy files are named with what is missing', () => {
  const whole = writeNpy(new Float32Array(4), [4]);
  expect(() => readNpy(whole.subarray(0, whole.length - 3), 'x.npy')).toThrow(
    /x\.npy is cut off: it has 141 bytes and needs 144/,
  );
  expect(() => readNpy(Uint8Array.of(1, 2, 3), 'x.npy')).toThrow(/not an \.npy file/);
  expect(() => readNpy(npy('<c8', false, '1,', new Uint8Array(8)), 'x.npy')).toThrow(/type '<c8'/);
  expect(() => readNpy(npy('<f4', false, '4,', new Uint8Array(8)), 'x.npy')).toThrow(/cut off/);
});

test('members of an .npz archive, stored and deflated', async () => {
  const bytes = archive([
    { name: 'images.npy', content: writeNpy(Float32Array.of(1, 2, 3), [3]), deflate: true },
    { name: 'labels.npy', content: writeNpy(Uint32Array.of(9), [1]), deflate: false },
  ]);
  expect(npzNames(bytes, 'd.npz')).toEqual(['images', 'labels']);
  expect(Array.from((await readNpz(bytes, 'images', 'd.npz')).data)).toEqual([1, 2, 3]);
  expect(Array.from((await readNpz(bytes, 'labels', 'd.npz')).data)).toEqual([9]);
  await expect(readNpz(bytes, 'codes', 'd.npz')).rejects.toThrow(/no array "codes"; it holds images, labels/);
  expect(() => npzNames(bytes.subarray(0, 60), 'd.npz')).toThrow(/its directory is missing/);
  const damaged = bytes.slice();
  damaged.fill(0xff, 40, 60);
  await expect(readNpz(damaged, 'images', 'd.npz')).rejects.toThrow(/d\.npz:images is damaged/);
});

test.each([
  ['commas and a header', 'a,b\n1,2\n3,4\n', ['a', 'b'], [1, 2, 3, 4]],
  ['blanks, comments, no header', '% made by hand\n 1 -2e3\n\n# and\n 3   4 # here\n', ['0', '1'], [1, -2000, 3, 4]],
  ['semicolons and quotes', '"x";"y"\n1;Inf\n', ['x', 'y'], [1, Infinity]],
  ['tabs', '1\t2\n', ['0', '1'], [1, 2]],
  ['one column', '5\n6\n', ['0'], [5, 6]],
] as const)('text: %s', (_, text, names, values) => {
  const table = readText(text, 't.csv');
  expect(table.names).toEqual(names);
  expect(Array.from(table.data)).toEqual(values);
});

test.each([
  ['ragged', '1,2\n3\n', 't.csv, row 2: 1 columns, where the first row has 2'],
  ['not a number', 'a,b\n1,2\n3,four\n', 't.csv, row 3, column 2 ("b"): "four" is not a number'],
  ['a gap', '1,2\n3,\n', 't.csv, row 2, column 2: "" is not a number'],
  ['empty', '\n\n', 't.csv holds no numbers'],
  ['a header alone', 'a,b\n', 'has a header and no rows'],
] as const)('text that is refused: %s', (_, text, message) => {
  expect(() => readText(text, 't.csv')).toThrow(message);
});
