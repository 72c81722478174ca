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
  f2: half,
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

/** IEEE 754 half precision: sign, 5 bits of exponent, 10 of fraction. */
function half(view: DataView, at: number, little: boolean): number {
  const bits = view.getUint16(at, little);
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15));
}

const MAGIC = '\x93NUMPY';
/** What numpy itself reads: a header is some tens of bytes, and no file may have a reader take time or memory for more. */
const MOST_HEADER = 10_000;
const MOST_DIMENSIONS = 64;
/** Values that are read at once: half a gigabyte as double precision. */
const MOST_VALUES = 2 ** 26;

/** What the header of an .npy file says. */
export interface NpyHeader {
  /** Byte order and type of a value, such as `|u1` or `<f4`. */
  readonly descr: string;
  readonly fortran: boolean;
  readonly shape: readonly number[];
  /** Bytes of a value. */
  readonly width: number;
}

/** Bytes at the beginning of a file that are enough for `npyStart`. */
export const NPY_PREFIX = 12;

/** Where the values begin, from the first `NPY_PREFIX` bytes. Throws InputError where it is no .npy file. */
export function npyStart(prefix: Uint8Array, name: string): number {
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const magic = String.fromCharCode(...prefix.subarray(0, 6));
  if (magic !== MAGIC) throw new InputError(`${name} is not an .npy file: it does not begin with \\x93NUMPY.`);
  if (prefix.length < NPY_PREFIX) throw cutOff(name, prefix.length, NPY_PREFIX);
  const [major, minor] = prefix.subarray(6, 8);
  if (major < 1 || major > 3 || minor !== 0)
    throw new InputError(`${name} is of version ${major}.${minor} of the .npy format; known are 1.0, 2.0 and 3.0.`);
  const start = major > 1 ? 12 + view.getUint32(8, true) : 10 + view.getUint16(8, true);
  if (start > MOST_HEADER)
    throw new InputError(`${name} says that its header has ${start} bytes, which no array needs.`);
  return start;
}

/** Reads the header, given the bytes before the values. Throws InputError where it is wrong or the type is not known. */
export function parseNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const header = parseHeader(new TextDecoder('latin1').decode(bytes.subarray(bytes[6] > 1 ? 12 : 10)), name);
  const kind = header.descr.slice(1);
  if (!Object.hasOwn(readers, kind)) {
    throw new InputError(
      `${name} holds values of type '${header.descr.replace('=', '')}'; known are ${Object.keys(readers).join(', ')}.`,
    );
  }
  const width = Number(kind.slice(1));
  const bytesNeeded = header.shape.reduce((total, size) => total * BigInt(size), BigInt(width));
  if (bytesNeeded > BigInt(Number.MAX_SAFE_INTEGER))
    throw new InputError(`${name} has shape [${header.shape.join(', ')}], more than any file holds.`);
  return { ...header, width };
}

/** Values out of their bytes. */
export function npyValues(bytes: Uint8Array, { descr, width }: NpyHeader): Float64Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = readers[descr.slice(1)];
  const little = descr[0] !== '>';
  return Float64Array.from({ length: bytes.length / width }, (_, i) => read(view, i * width, little));
}

/** Reads an .npy file. Throws InputError, naming `name` and the byte, where it is wrong or cut off. */
export function readNpy(bytes: Uint8Array, name: string): NumberArray {
  const start = npyStart(bytes.subarray(0, NPY_PREFIX), name);
  if (bytes.length < start) throw cutOff(name, bytes.length, start);
  const header = parseNpyHeader(bytes.subarray(0, start), name);
  const { shape, width } = header;
  const end = start + sizeOf(shape) * width;
  if (bytes.length < end) throw cutOff(name, bytes.length, end);
  if (bytes.length > end)
    throw new InputError(`${name} has ${bytes.length - end} bytes after its last value, from byte ${end} on.`);
  checkValues(shape, name);
  return arrayOf(bytes.subarray(start, end), header);
}

/** Throws InputError where an array has more values than are read at once. */
export function checkValues(shape: Shape, name: string): void {
  if (sizeOf(shape) > MOST_VALUES)
    throw new InputError(`${name} holds ${sizeOf(shape)} values; up to ${MOST_VALUES} are read. Save a part of it.`);
}

/** The array of these bytes, row-major. */
export function arrayOf(bytes: Uint8Array, header: NpyHeader): NumberArray {
  const { shape, fortran } = header;
  const stored = npyValues(bytes, header);
  return { shape, data: fortran ? rowMajor(stored, shape) : stored };
}

const cutOff = (name: string, has: number, needs: number) =>
  new InputError(`${name} is cut off: it has ${has} bytes and needs ${needs}.`);

/** The three entries that numpy writes, in any order, each once; nothing else is a header. */
function parseHeader(header: string, name: string): { descr: string; fortran: boolean; shape: number[] } {
  const unreadable = () => new InputError(`${name} has a header that cannot be read: ${header.trim().slice(0, 200)}`);
  const inside = /^\{(.*)\}[ \n]*$/s.exec(header)?.[1];
  if (inside === undefined) throw unreadable();
  const found = new Map<string, string>();
  let rest = inside;
  while (rest.trim() !== '') {
    const entry = ENTRY.exec(rest);
    const key = entry?.[1] ?? entry?.[2];
    if (entry === null || key === undefined || found.has(key)) throw unreadable();
    found.set(key, entry[3]);
    rest = rest.slice(entry[0].length);
  }
  const [descr, fortran, shape] = ['descr', 'fortran_order', 'shape'].map((key) => found.get(key));
  if (found.size !== 3 || descr === undefined || fortran === undefined || shape === undefined) throw unreadable();
  const sizes = tupleOf(shape);
  if (!/^(['"]).*\1$/.test(descr) || !/^(True|False)$/.test(fortran) || sizes === undefined) throw unreadable();
  if (sizes.length > MOST_DIMENSIONS)
    throw new InputError(`${name} has ${sizes.length} dimensions; arrays have at most ${MOST_DIMENSIONS}.`);
  const type = descr.slice(1, -1);
  // Without a byte order it is the machine's own, as with '='.
  return { descr: /^[<>=|]/.test(type) ? type : `=${type}`, fortran: fortran === 'True', shape: sizes };
}

/** `'key': value,`, where the value is a text, a word or a tuple; the comma may be missing at the end. */
const ENTRY = /^\s*(?:'(\w+)'|"(\w+)")\s*:\s*('[^']*'|"[^"]*"|\w+|\([^()]*\))\s*(?:,|$)/;

/** A tuple of whole numbers as Python writes it: one number needs its comma. Python 2 wrote long ones with an L. */
function tupleOf(text: string): number[] | undefined {
  if (!text.startsWith('(')) return undefined;
  const parts = text.slice(1, -1).split(',');
  const last = parts[parts.length - 1].trim();
  if (parts.length === 1) return last === '' ? [] : undefined;
  if (last === '') parts.pop();
  const sizes = parts.map((part) => (/^(0|[1-9]\d*)L?$/.test(part.trim()) ? Number.parseInt(part, 10) : Number.NaN));
  return sizes.every(Number.isSafeInteger) ? sizes : undefined;
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
export type Writable = Float32Array | Float64Array | Uint32Array | Uint8Array;

/** An .npy file, version 1.0, of f32, f64, u32 or u8 values in row-major order. */
export function writeNpy(data: Writable, shape: Shape): Uint8Array<ArrayBuffer> {
  const header = npyHeader(data, shape);
  const bytes = new Uint8Array(header.length + data.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), header.length);
  return bytes;
}

/** The bytes before the values, for a file whose values come piece by piece; `like` has their type. */
export function npyHeader(like: Writable, shape: Shape): Uint8Array {
  const descr = descrOf(like);
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

function descrOf(like: Writable): string {
  if (like instanceof Float32Array) return '<f4';
  if (like instanceof Uint32Array) return '<u4';
  return like instanceof Uint8Array ? '|u1' : '<f8';
}
