// The safetensors format, read and written: eight bytes with the length of a JSON header, the header with type, shape and
// place of every tensor, then the values (github.com/huggingface/safetensors, README, "Format"). Types are those that a
// run's state has: F32 and U32.

import { InputError, type Shape, sizeOf } from '../../engine';
import { brief } from './brief';

/** One tensor, row-major; its type is that of `data`. */
export interface StoredTensor {
  readonly shape: Shape;
  readonly data: Float32Array | Uint32Array;
}

/** What a safetensors file holds: tensors by name, and texts. */
export interface Safetensors {
  readonly tensors: Readonly<Record<string, StoredTensor>>;
  readonly metadata: Readonly<Record<string, string>>;
}

interface Entry {
  readonly dtype: 'F32' | 'U32';
  readonly shape: number[];
  readonly data_offsets: [number, number];
}

/** The name under which the header holds what is no tensor. */
const METADATA = '__metadata__';
const PREFIX = 8;
/** The format's own bound on the header, against files that would have a reader allocate without end. */
const MAX_HEADER = 100_000_000;

/** A .safetensors file; the same content gives the same bytes. Throws InputError where a shape does not fit its data. */
export function writeSafetensors({ tensors, metadata }: Safetensors): Uint8Array<ArrayBuffer> {
  const header: Record<string, Entry | Record<string, string>> = { [METADATA]: { ...metadata } };
  let end = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    if (name === METADATA) throw new InputError(`a tensor cannot be called ${METADATA}`);
    if (sizeOf(shape) !== data.length) {
      throw new InputError(`tensor ${name} has ${data.length} values, which do not make the shape [${shape}]`);
    }
    const dtype = data instanceof Uint32Array ? 'U32' : 'F32';
    header[name] = { dtype, shape: [...shape], data_offsets: [end, end + data.byteLength] };
    end += data.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  // Blanks after the header, so that the values begin at a multiple of eight bytes.
  const start = PREFIX + 8 * Math.ceil(text.length / 8);
  const bytes = new Uint8Array(start + end).fill(0x20, PREFIX, start);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(start - PREFIX), true);
  bytes.set(text, PREFIX);
  let at = start;
  for (const { data } of Object.values(tensors)) {
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), at);
    at += data.byteLength;
  }
  return bytes;
}

/** Reads a .safetensors file of F32 and U32 tensors. Throws InputError that names file, tensor and byte. */
export function readSafetensors(bytes: Uint8Array, name: string): Safetensors {
  if (bytes.length < PREFIX) throw cutOff(name, bytes.length, PREFIX);
  const length = Number(new DataView(bytes.buffer, bytes.byteOffset).getBigUint64(0, true));
  if (length > MAX_HEADER) {
    throw new InputError(`${name} is no .safetensors file: its first 8 bytes say that the header has ${length} bytes.`);
  }
  const start = PREFIX + length;
  if (bytes.length < start) throw cutOff(name, bytes.length, start);
  const { [METADATA]: metadata, ...entries } = headerOf(bytes.subarray(PREFIX, start), name);
  const tensors: [string, StoredTensor][] = [];
  let end = 0;
  for (const [tensor, entry] of inOrder(entries, name)) {
    const [from, to] = entry.data_offsets;
    if (from !== end) {
      const problem = from < end ? 'overlaps the one before' : 'leaves a gap';
      throw new InputError(`${name}, tensor ${tensor}: begins at byte ${from} of the values and ${problem} (${end}).`);
    }
    if (to - from !== 4 * sizeOf(entry.shape)) {
      throw new InputError(
        `${name}, tensor ${tensor}: the shape [${entry.shape}] needs ${4 * sizeOf(entry.shape)} bytes, and ${to - from} are there.`,
      );
    }
    if (start + to > bytes.length) throw cutOff(`${name}, tensor ${tensor},`, bytes.length, start + to);
    // A copy: the values of other writers may lie anywhere, and a typed array needs a multiple of four. (`slice` of Node's
    // Buffer would be no copy.)
    const { buffer } = new Uint8Array(bytes.subarray(start + from, start + to));
    const data = entry.dtype === 'U32' ? new Uint32Array(buffer) : new Float32Array(buffer);
    tensors.push([tensor, { shape: entry.shape, data }]);
    end = to;
  }
  if (start + end < bytes.length) {
    throw new InputError(
      `${name} has ${bytes.length - start - end} bytes after its last tensor, from ${start + end} on.`,
    );
  }
  return { tensors: Object.fromEntries(tensors), metadata: texts(metadata, name) };
}

const cutOff = (name: string, has: number, needs: number) =>
  new InputError(`${name} is cut off: the file has ${has} bytes and needs ${needs}.`);

function headerOf(bytes: Uint8Array, name: string): Record<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (cause) {
    throw new InputError(`${name} has a header, bytes 8 to ${PREFIX + bytes.length}, that is not JSON.`, { cause });
  }
  if (!isRecord(parsed)) throw new InputError(`${name} has a header that is no JSON object.`);
  return parsed;
}

/** The tensors in the order of their values. */
function inOrder(entries: Record<string, unknown>, name: string): [string, Entry][] {
  const checked = Object.entries(entries).map(([tensor, entry]): [string, Entry] => {
    if (!isRecord(entry)) throw new InputError(`${name}, tensor ${tensor}: its entry in the header is no object.`);
    const { dtype, shape, data_offsets: offsets } = entry;
    if (dtype !== 'F32' && dtype !== 'U32') {
      throw new InputError(`${name}, tensor ${tensor}: its type is ${brief(dtype)}; read are F32 and U32.`);
    }
    if (!isCounts(shape)) throw new InputError(`${name}, tensor ${tensor}: its shape is ${brief(shape)}.`);
    if (!isCounts(offsets) || offsets.length !== 2 || offsets[0] > offsets[1]) {
      throw new InputError(`${name}, tensor ${tensor}: its data_offsets are ${brief(offsets)}.`);
    }
    return [tensor, { dtype, shape, data_offsets: [offsets[0], offsets[1]] }];
  });
  return checked.sort(([, a], [, b]) => a.data_offsets[0] - b.data_offsets[0] || a.data_offsets[1] - b.data_offsets[1]);
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCounts = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((each) => Number.isSafeInteger(each) && each >= 0);

/** The metadata are texts, or are not there. */
function texts(metadata: unknown, name: string): Record<string, string> {
  if (metadata === undefined) return {};
  if (!isRecord(metadata)) throw new InputError(`${name}: its ${METADATA} are no object.`);
  const entries = Object.entries(metadata).map(([key, value]): [string, string] => {
    if (typeof value === 'string') return [key, value];
    throw new InputError(`${name}: ${key} of its ${METADATA} is no text.`);
  });
  return Object.fromEntries(entries);
}
