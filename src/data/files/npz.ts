// NumPy's .npz format: a zip archive of .npy files. Only what numpy writes is read: members stored or deflated, found through
// the central directory at the end (PKWARE's APPNOTE 6.3), with the 64-bit sizes that large archives have.

import { InputError, sizeOf } from '../../engine';
import { ByteReader } from './byteReader';
import { crc32 } from './crc32';
import { arrayOf, checkValues, NPY_PREFIX, type NpyHeader, type NumberArray, npyStart, parseNpyHeader } from './npy';

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const MEMBER = 0x02014b50;
const LOCAL = 0x04034b50;
const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;

/** Deflate cannot pack more than so many bytes into one (a match of 258 bytes in two bits). */
const MOST_INFLATION = 1032;
const SLACK = 64;

/** Bytes of the header before a member's name. */
const LOCAL_HEADER = 30;

/** Bytes at the end of a large archive in which its directory is sought. */
const TAIL = 2 ** 20;

interface Member {
  readonly name: string;
  readonly method: number;
  readonly offset: number;
  readonly compressed: number;
  /** Bytes when unpacked, and their checksum. */
  readonly size: number;
  readonly crc: number;
}

/** The names of the arrays in an archive, without `.npy`. Throws InputError where it is no archive or cut off. */
export const npzNames = (bytes: Uint8Array, name: string): string[] =>
  membersOf(bytes, name).map((member) => member.name.replace(/\.npy$/, ''));

/** One array of an .npz archive. Throws InputError, naming the member, where there is none or it is damaged. */
export async function readNpz(bytes: Uint8Array, array: string, name: string): Promise<NumberArray> {
  const what = `${name}:${array}`;
  const member = find(membersOf(bytes, name), array, name);
  const start = startOf(bytes.subarray(member.offset, member.offset + LOCAL_HEADER), member, bytes.length, what);
  const packed = new Blob([new Uint8Array(bytes.subarray(start, start + member.compressed))]);
  const reader = new ByteReader(unpacked(packed.stream(), member, what), what);
  // The header first: what is too large, or of another size than it says, is not unpacked.
  const header = await headerOf(reader, member.size, what);
  checkValues(header.shape, what);
  const values = await reader.take(sizeOf(header.shape) * header.width);
  await reader.end();
  return arrayOf(values, header);
}

/** The header of an .npy file of `size` bytes. Throws InputError where the two do not fit. */
export async function headerOf(reader: ByteReader, size: number, what: string): Promise<NpyHeader> {
  const prefix = await reader.take(NPY_PREFIX);
  const start = npyStart(prefix, what);
  const rest = await reader.take(Math.max(0, start - NPY_PREFIX));
  const header = parseNpyHeader(Uint8Array.from([...prefix, ...rest]), what);
  const needs = start + sizeOf(header.shape) * header.width;
  if (size === needs) return header;
  const problem = size < needs ? 'is cut off' : 'has bytes after its last value';
  throw new InputError(`${what} ${problem}: it has ${size} bytes and needs ${needs}.`);
}

/** The bytes of one array's .npy file out of an archive that need not fit into memory. Errors as those of `readNpz`. */
export async function openNpz(file: Blob, array: string, name: string): Promise<OpenedMember> {
  const base = Math.max(0, file.size - TAIL);
  const tail = new Uint8Array(await file.slice(base).arrayBuffer());
  const member = find(membersOf(tail, name, base), array, name);
  const what = `${name}:${array}`;
  const local = new Uint8Array(await file.slice(member.offset, member.offset + LOCAL_HEADER).arrayBuffer());
  const start = startOf(local, member, file.size, what);
  const packed = file.slice(start, start + member.compressed).stream();
  return { reader: new ByteReader(unpacked(packed, member, what), what), size: member.size };
}

/** A stream of a member's bytes, and how many there are. */
export interface OpenedMember {
  readonly reader: ByteReader;
  readonly size: number;
}

/** Where a member's bytes begin, from its local header. Throws InputError where the archive says what cannot be. */
function startOf(local: Uint8Array, { offset, compressed, method, size }: Member, fileSize: number, what: string) {
  checkEnd(what, offset + LOCAL_HEADER, fileSize);
  const view = new DataView(local.buffer, local.byteOffset, local.byteLength);
  if (view.getUint32(0, true) !== LOCAL)
    throw new InputError(`${what} is damaged: no member begins at byte ${offset}.`);
  const start = offset + LOCAL_HEADER + view.getUint16(26, true) + view.getUint16(28, true);
  checkEnd(what, start + compressed, fileSize);
  if (method !== STORED && method !== DEFLATED)
    throw new InputError(`${what} is packed by method ${method}, which is not known here.`);
  const most = method === STORED ? compressed : MOST_INFLATION * compressed + SLACK;
  if (size > most || (method === STORED && size !== compressed))
    throw new InputError(`${what} is damaged: ${compressed} bytes cannot be ${size} when unpacked.`);
  return start;
}

/**
 * A member's bytes as they are unpacked, never more than the archive says that there are; an error where there are fewer, or
 * their checksum is another.
 */
function unpacked(
  packed: ReadableStream<Uint8Array>,
  { method, size, crc }: Member,
  what: string,
): ReadableStream<Uint8Array> {
  const inflated =
    method === STORED
      ? packed
      : packed.pipeThrough(new DecompressionStream('deflate-raw') as ReadableWritablePair<Uint8Array, Uint8Array>);
  let length = 0;
  let sum = 0;
  const wrong = (problem: string) => new InputError(`${what} is damaged: ${problem}.`);
  const check = new TransformStream<Uint8Array, Uint8Array>({
    transform(piece, controller) {
      length += piece.length;
      if (length > size) throw wrong(`it has more than the ${size} bytes that the archive names`);
      sum = crc32(piece, sum);
      controller.enqueue(piece);
    },
    flush() {
      if (length < size) throw wrong(`it has ${length} of the ${size} bytes that the archive names`);
      if (sum !== crc) throw wrong('its checksum (CRC-32) is another than that of its bytes');
    },
  });
  return inflated.pipeThrough(check);
}

function find(members: readonly Member[], array: string, name: string): Member {
  const [member, twin] = members.filter((each) => each.name === `${array}.npy` || each.name === array);
  if (twin !== undefined) throw new InputError(`${name} holds more than one array called "${array}".`);
  if (member !== undefined) return member;
  const known = members.map((each) => each.name.replace(/\.npy$/, '')).join(', ');
  throw new InputError(`${name} holds no array "${array}"; it holds ${known}.`);
}

function checkEnd(what: string, end: number, size: number): void {
  if (end > size) throw new InputError(`${what} is cut off: it ends at byte ${end} of ${size}.`);
}

/** `bytes` are those of the file from byte `base` on, which hold its directory. */
function membersOf(bytes: Uint8Array, name: string, base = 0): Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw new InputError(`${name} is no .npz archive, or it is cut off: its directory is missing.`);
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (at === 0xffffffff && end >= 20 && view.getUint32(end - 20, true) === END64_LOCATOR) {
    const end64 = Number(view.getBigUint64(end - 12, true)) - base;
    if (end64 < 0 || end64 + 56 > end || view.getUint32(end64, true) !== END64)
      throw new InputError(`${name} has a damaged directory.`);
    count = Number(view.getBigUint64(end64 + 32, true));
    at = Number(view.getBigUint64(end64 + 48, true));
  }
  at -= base;
  if (at < 0) throw new InputError(`${name} has a directory that is larger than ${TAIL} bytes, or a damaged one.`);
  const members: Member[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== MEMBER) {
      throw new InputError(`${name} has a damaged directory: entry ${i + 1} of ${count}, at byte ${base + at}.`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const extra = at + 46 + nameLength;
    if (extra + extraLength + commentLength > bytes.length)
      throw new InputError(`${name} has a damaged directory: entry ${i + 1} of ${count} ends beyond the file.`);
    const wide = wideSizes(view, extra, extra + extraLength);
    /** A field of 32 bits, or the next of the 64-bit ones where it does not fit. */
    const size = (field: number): number => {
      const short = view.getUint32(at + field, true);
      return short === 0xffffffff ? Number(wide.shift() ?? short) : short;
    };
    // The size when unpacked comes first among the 64-bit ones.
    const unpackedSize = size(24);
    const compressed = size(20);
    const offset = size(42);
    const text = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    if (view.getUint16(at + 8, true) & ENCRYPTED) throw new InputError(`${name}: ${text} is encrypted.`);
    const [method, crc] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true)];
    members.push({ name: text, method, offset, compressed, size: unpackedSize, crc });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return members;
}

/** The numbers of the zip64 extra field. */
function wideSizes(view: DataView, from: number, to: number): bigint[] {
  for (let at = from; at + 4 <= to; ) {
    const length = Math.min(view.getUint16(at + 2, true), to - at - 4);
    if (view.getUint16(at, true) === 1) {
      return Array.from({ length: Math.floor(length / 8) }, (_, i) => view.getBigUint64(at + 4 + 8 * i, true));
    }
    at += 4 + length;
  }
  return [];
}
