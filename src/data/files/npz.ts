// NumPy's .npz format: a zip archive of .npy files. Only what numpy writes is read: members stored or deflated, found through
// the central directory at the end (PKWARE's APPNOTE 6.3), with the 64-bit sizes that large archives have.

import { InputError } from '../../engine';
import { ByteReader } from './byteReader';
import { type NumberArray, readNpy } from './npy';

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const MEMBER = 0x02014b50;
const STORED = 0;
const DEFLATED = 8;

/** Bytes of the header before a member's name. */
const LOCAL_HEADER = 30;

/** Bytes at the end of a large archive in which its directory is sought. */
const TAIL = 2 ** 20;

interface Member {
  readonly name: string;
  readonly method: number;
  readonly offset: number;
  readonly compressed: number;
}

/** The names of the arrays in an archive, without `.npy`. Throws InputError where it is no archive or cut off. */
export const npzNames = (bytes: Uint8Array, name: string): string[] =>
  membersOf(bytes, name).map((member) => member.name.replace(/\.npy$/, ''));

/** One array of an .npz archive. Throws InputError, naming the member, where there is none or it is damaged. */
export async function readNpz(bytes: Uint8Array, array: string, name: string): Promise<NumberArray> {
  const member = find(membersOf(bytes, name), array, name);
  return readNpy(await contentOf(bytes, member, `${name}:${array}`), `${name}:${array}`);
}

/** The bytes of one array's .npy file out of an archive that need not fit into memory. Errors as those of `readNpz`. */
export async function openNpz(file: Blob, array: string, name: string): Promise<ByteReader> {
  const base = Math.max(0, file.size - TAIL);
  const tail = new Uint8Array(await file.slice(base).arrayBuffer());
  const { method, offset, compressed } = find(membersOf(tail, name, base), array, name);
  const what = `${name}:${array}`;
  checkEnd(what, offset + LOCAL_HEADER, file.size);
  const local = new DataView(await file.slice(offset, offset + LOCAL_HEADER).arrayBuffer());
  const start = offset + LOCAL_HEADER + local.getUint16(26, true) + local.getUint16(28, true);
  checkEnd(what, start + compressed, file.size);
  const packed = file.slice(start, start + compressed).stream();
  if (method === STORED) return new ByteReader(packed, what);
  checkMethod(what, method);
  return new ByteReader(packed.pipeThrough(new DecompressionStream('deflate-raw')), what);
}

function find(members: readonly Member[], array: string, name: string): Member {
  const member = members.find((each) => each.name === `${array}.npy` || each.name === array);
  if (member !== undefined) return member;
  const known = members.map((each) => each.name.replace(/\.npy$/, '')).join(', ');
  throw new InputError(`${name} holds no array "${array}"; it holds ${known}.`);
}

function checkEnd(what: string, end: number, size: number): void {
  if (end > size) throw new InputError(`${what} is cut off: it ends at byte ${end} of ${size}.`);
}

function checkMethod(what: string, method: number): void {
  if (method !== DEFLATED) throw new InputError(`${what} is packed by method ${method}, which is not known here.`);
}

/** `bytes` are those of the file from byte `base` on, which hold its directory. */
function membersOf(bytes: Uint8Array, name: string, base = 0): Member[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  let end = bytes.length - 22;
  while (end >= 0 && view.getUint32(end, true) !== END) end--;
  if (end < 0) throw new InputError(`${name} is no .npz archive, or it is cut off: its directory is missing.`);
  let count = view.getUint16(end + 10, true);
  let at = view.getUint32(end + 16, true);
  if (at === 0xffffffff && view.getUint32(end - 20, true) === END64_LOCATOR) {
    const end64 = Number(view.getBigUint64(end - 12, true)) - base;
    if (end64 < 0 || view.getUint32(end64, true) !== END64) throw new InputError(`${name} has a damaged directory.`);
    count = Number(view.getBigUint64(end64 + 32, true));
    at = Number(view.getBigUint64(end64 + 48, true));
  }
  at -= base;
  if (at < 0) throw new InputError(`${name} has a directory that is larger than ${TAIL} bytes, or a damaged one.`);
  const members: Member[] = [];
  for (let i = 0; i < count; i++) {
    if (at + 46 > bytes.length || view.getUint32(at, true) !== MEMBER) {
      throw new InputError(`${name} has a damaged directory: entry ${i} of ${count}, at byte ${base + at}.`);
    }
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true));
    const extra = at + 46 + nameLength;
    const wide = wideSizes(view, extra, extra + extraLength);
    /** A field of 32 bits, or the next of the 64-bit ones where it does not fit. */
    const size = (field: number): number => {
      const short = view.getUint32(at + field, true);
      return short === 0xffffffff ? Number(wide.shift() ?? short) : short;
    };
    size(24); // the size when unpacked, which comes first among the 64-bit ones
    const compressed = size(20);
    const offset = size(42);
    const text = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    members.push({ name: text, method: view.getUint16(at + 10, true), offset, compressed });
    at += 46 + nameLength + extraLength + commentLength;
  }
  return members;
}

/** The numbers of the zip64 extra field. */
function wideSizes(view: DataView, from: number, to: number): bigint[] {
  for (let at = from; at + 4 <= to; ) {
    const length = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      return Array.from({ length: Math.floor(length / 8) }, (_, i) => view.getBigUint64(at + 4 + 8 * i, true));
    }
    at += 4 + length;
  }
  return [];
}

async function contentOf(bytes: Uint8Array, { method, offset, compressed }: Member, name: string): Promise<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  checkEnd(name, offset + LOCAL_HEADER, bytes.length);
  const start = offset + LOCAL_HEADER + view.getUint16(offset + 26, true) + view.getUint16(offset + 28, true);
  checkEnd(name, start + compressed, bytes.length);
  const packed = bytes.slice(start, start + compressed);
  if (method === STORED) return packed;
  checkMethod(name, method);
  try {
    const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream('deflate-raw'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch (cause) {
    throw new InputError(`${name} is damaged: it cannot be unpacked.`, { cause });
  }
}
