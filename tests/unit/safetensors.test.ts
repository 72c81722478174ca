// The safetensors format: what is written is read back, bytes made by hand are read, and what is damaged is named.

import { expect, test } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../src/data';

/** A file by hand: any header, any values. */
function file(header: unknown, values: Uint8Array, length?: number): Uint8Array {
  const text = typeof header === 'string' ? header : JSON.stringify(header);
  const bytes = Buffer.alloc(8 + text.length + values.length);
  bytes.writeBigUInt64LE(BigInt(length ?? text.length));
  bytes.write(text, 8);
  bytes.set(values, 8 + text.length);
  return bytes;
}

const floats = (...values: number[]) => new Uint8Array(Float32Array.from(values).buffer);

test('tensors and metadata are read back, bit for bit', () => {
  const bits = Uint32Array.of(0x7fc00001, 0x80000000, 0x3f800000);
  const tensors = {
    parameters: { shape: [3], data: new Float32Array(bits.buffer) },
    step: { shape: [1], data: Uint32Array.of(4294967295) },
    'adam.first': { shape: [2, 2], data: Float32Array.of(1, 2, 3, 4) },
    none: { shape: [0], data: new Float32Array(0) },
  };
  const bytes = writeSafetensors({ tensors, metadata: { step: '100', note: 'ä' } });
  const read = readSafetensors(bytes, 'a.safetensors');
  expect(read.metadata).toEqual({ step: '100', note: 'ä' });
  expect(read.tensors.step).toEqual(tensors.step);
  expect(read.tensors['adam.first']).toEqual(tensors['adam.first']);
  expect(read.tensors.none.data.length).toBe(0);
  expect(new Uint32Array(read.tensors.parameters.data.slice().buffer)).toEqual(bits);
  expect(writeSafetensors(read)).toEqual(writeSafetensors(read));
});

test('the header is as the format says, and the values begin at a multiple of eight', () => {
  const bytes = writeSafetensors({ tensors: { x: { shape: [1, 2], data: Float32Array.of(1, -2) } }, metadata: {} });
  const length = Number(new DataView(bytes.buffer).getBigUint64(0, true));
  expect(length % 8).toBe(0);
  expect(bytes.length).toBe(8 + length + 8);
  expect(JSON.parse(new TextDecoder().decode(bytes.subarray(8, 8 + length)))).toEqual({
    __metadata__: {},
    x: { dtype: 'F32', shape: [1, 2], data_offsets: [0, 8] },
  });
  expect(Array.from(bytes.subarray(-8))).toEqual([0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]);
});

test('a file of another writer: any order, no metadata, values at an odd byte', () => {
  const header = {
    b: { dtype: 'F32', shape: [], data_offsets: [4, 8] },
    a: { dtype: 'U32', shape: [1], data_offsets: [0, 4] },
  };
  const { tensors, metadata } = readSafetensors(file(header, Uint8Array.of(7, 0, 0, 0, 0, 0, 0x80, 0x3f)), 'h');
  expect(metadata).toEqual({});
  expect([tensors.a.data[0], tensors.b.data[0]]).toEqual([7, 1]);
});

const entry = (from: number, to: number, dtype = 'F32', shape = [(to - from) / 4]) => ({
  dtype,
  shape,
  data_offsets: [from, to],
});

test.each([
  ['nothing', Uint8Array.of(1, 2), 'x.st is cut off: the file has 2 bytes and needs 8'],
  ['a header that ends too early', file('{}', new Uint8Array(0), 90), 'has 10 bytes and needs 98'],
  ['no safetensors at all', new Uint8Array(16).fill(0x50), 'x.st is no .safetensors file'],
  ['a header that is not JSON', file('{"a"', new Uint8Array(0)), 'x.st has a header, bytes 8 to 12, that is not JSON'],
  ['a header that is a list', file('[]', new Uint8Array(0)), 'no JSON object'],
  ['values cut off', file({ a: entry(0, 8) }, floats(1)), /tensor a, is cut off: the file has \d+ bytes and needs \d+/],
  [
    'an overlap',
    file({ a: entry(0, 8), b: entry(4, 12) }, floats(1, 2, 3)),
    'tensor b: begins at byte 4 of the values and overlaps',
  ],
  [
    'a gap',
    file({ a: entry(0, 4), b: entry(8, 12) }, floats(1, 2, 3)),
    'tensor b: begins at byte 8 of the values and leaves a gap',
  ],
  ['another type', file({ a: entry(0, 4, 'BF16') }, floats(1)), 'tensor a: its type is BF16; read are F32 and U32'],
  [
    'a shape that does not fit',
    file({ a: entry(0, 4, 'F32', [3]) }, floats(1)),
    'shape [3] needs 12 bytes, and 4 are there',
  ],
  ['a negative shape', file({ a: entry(0, 4, 'F32', [-1]) }, floats(1)), 'tensor a: its shape is [-1]'],
  ['offsets turned round', file({ a: entry(4, 0, 'F32', [1]) }, floats(1)), 'tensor a: its data_offsets are [4,0]'],
  ['an entry that is no object', file({ a: 3 }, floats(1)), 'tensor a: its entry in the header is no object'],
  ['bytes left over', file({ a: entry(0, 4) }, floats(1, 2)), 'x.st has 4 bytes after its last tensor'],
])('%s is refused', (_, bytes, message) => {
  expect(() => readSafetensors(bytes, 'x.st')).toThrow(message);
});

test('what cannot be written is refused', () => {
  const tensor = { shape: [2], data: Float32Array.of(1) };
  expect(() => writeSafetensors({ tensors: { a: tensor }, metadata: {} })).toThrow('tensor a has 1 values');
});
