// NumPy's .npy format, read and written: magic, version, a header that is a Python dictionary, then the values (the format
// is specified in NumPy Enhancement Proposal 1).

import { InputError, type Shape, sizeOf } from '../../engine';

/** An array of numbers, row-major whatever order it was stored in. Integers beyond 2^53 are rounded. */
export interface NumberArray {
  readonly shape: Shape;
  readonly data: Float64Array;
}

type Reader = (view: DataView, at: number, little: boolean) => number;

/** By kind and bytes an entry, as in `descr`. */
const readers: Record<string, Reader> = {
  f4: (view, at, little) => view.getFloat32(at, little),
  f8: (view, at, little) => view.getFloat64(at, little),
  i1: (view, at) => view.getInt8(at),
  i2: (view, at, little) => view.getInt16(at, little),
  i4: (view, at, little) => view.getInt32(at, little),
  i8: (view, at, little) => Number(view.getBigInt64(at, little)),
  u1: (view, at) => view.getUint8(at),
  u2: (view, at, little) => view.getUint16(at, little),
  u4: (view, at, little) => view.getUint32(at, little),
  u8: (view, at, little) => Number(view.getBigUint64(at, little)),
  b1: (view, at) => view.getUint8(at),
};

const MAGIC = '\x93NUMPY';

/** Reads an .npy file. Throws InputError, naming `name` and the byte, where it is wrong or cut off. */
export function readNpy(bytes: Uint8Array, name: string): NumberArray {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const magic = String.fromCharCode(...bytes.subarray(0, 6));
  if (magic !== MAGIC) throw new InputError(`${name} is not an .npy file: it does not begin with \\x93NUMPY.`);
  const wide = bytes[6] > 1;
  if (bytes.length < 12) throw cutOff(name, bytes.length, 12);
  const headerLength = wide ? view.getUint32(8, true) : view.getUint16(8, true);
  const start = (wide ? 12 : 10) + headerLength;
  if (bytes.length < start) throw cutOff(name, bytes.length, start);
  const header = new TextDecoder('latin1').decode(bytes.subarray(wide ? 12 : 10, start));
  const { descr, fortran, shape } = parseHeader(header, name);
  const kind = descr.slice(1);
  const read = readers[kind];
  if (read === undefined) {
    throw new InputError(`${name} holds values of type '${descr}'; known are ${Object.keys(readers).join(', ')}.`);
  }
  const width = Number(kind.slice(1));
  const count = sizeOf(shape);
  const expected = start + count * width;
  if (bytes.length < expected) throw cutOff(name, bytes.length, expected);
  const little = descr[0] !== '>';
  const stored = Float64Array.from({ length: count }, (_, i) => read(view, start + i * width, little));
  return { shape, data: fortran ? rowMajor(stored, shape) : stored };
}

const cutOff = (name: string, has: number, needs: number) =>
  new InputError(`${name} is cut off: it has ${has} bytes and needs ${needs}.`);

function parseHeader(header: string, name: string): { descr: string; fortran: boolean; shape: number[] } {
  const descr = /'descr':\s*'([^']+)'/.exec(header)?.[1];
  const fortran = /'fortran_order':\s*(True|False)/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (descr === undefined || fortran === undefined || shape === undefined) {
    throw new InputError(`${name} has a header that cannot be read: ${header.trim()}`);
  }
  const sizes = shape.split(',').flatMap((size) => (size.trim() === '' ? [] : [Number(size)]));
  return { descr, fortran: fortran === 'True', shape: sizes };
}

/** Values stored with the first axis running fastest, in row-major order. */
function rowMajor(stored: Float64Array, shape: Shape): Float64Array {
  const result = new Float64Array(stored.length);
  const at = shape.map(() => 0);
  for (let i = 0; i < result.length; i++) {
    let from = 0;
    for (let axis = shape.length - 1; axis >= 0; axis--) from = from * shape[axis] + at[axis];
    result[i] = stored[from];
    for (let axis = shape.length - 1; axis >= 0 && ++at[axis] === shape[axis]; axis--) at[axis] = 0;
  }
  return result;
}

/** What an .npy file can be written of. */
type Writable = Float32Array | Float64Array | Uint32Array;

/** An .npy file, version 1.0, of f32, f64 or u32 values in row-major order. */
export function writeNpy(data: Writable, shape: Shape): Uint8Array {
  const header = npyHeader(data, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/** The bytes before the values, for a file whose values come piece by piece; `like` has their type. */
export function npyHeader(like: Writable, shape: Shape): Uint8Array {
  const descr = like instanceof Float32Array ? '<f4' : like instanceof Uint32Array ? '<u4' : '<f8';
  const sizes = shape.length === 1 ? `${shape[0]},` : shape.join(', ');
  const text = `{'descr': '${descr}', 'fortran_order': False, 'shape': (${sizes}), }`;
  // The values begin at a multiple of 64 bytes, and the header ends with a line feed.
  const length = 64 * Math.ceil((10 + text.length + 1) / 64);
  const bytes = new Uint8Array(length);
  bytes.set([0x93, ...Array.from('NUMPY', (c) => c.charCodeAt(0)), 1, 0]);
  new DataView(bytes.buffer).setUint16(8, length - 10, true);
  bytes.set(new TextEncoder().encode(`${text.padEnd(length - 11)}\n`), 10);
  return bytes;
}
