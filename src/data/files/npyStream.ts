// The rows of a large .npy file one after the other, out of a file of its own or a member of an archive.

import { InputError, sizeOf } from '../../engine';
import { ByteReader } from './byteReader';
import type { NpyHeader } from './npy';
import { headerOf, openNpz } from './npz';

export interface NpyRows {
  readonly header: NpyHeader;
  /** What errors call it. */
  readonly name: string;
  /**
   * Calls `visit` with the number and the bytes of every `every`-th row (entry of the first axis), from row 0 on. The bytes
   * are valid during the call only. Throws InputError where the file is cut off or damaged.
   */
  forEach(every: number, visit: (row: number, bytes: Uint8Array) => void): Promise<void>;
}

/** Bytes read at a time. */
const BLOCK = 2 ** 22;

/** Opens the array `array` of an .npz archive, or an .npy file. `Blob` is what a browser gives, and Node's `openAsBlob`. */
export async function openNpy(file: Blob, array: string, name: string): Promise<NpyRows> {
  const magic = new Uint8Array(await file.slice(0, 2).arrayBuffer());
  const archive = magic[0] === 0x50 && magic[1] === 0x4b;
  const what = archive ? `${name}:${array}` : name;
  const { reader, size } = archive
    ? await openNpz(file, array, name)
    : { reader: new ByteReader(file.stream(), name), size: file.size };
  const header = await headerOf(reader, size, what);
  if (sizeOf(header.shape) === 0) throw new InputError(`${what} has shape [${header.shape}]: there is nothing in it.`);
  if (header.fortran && header.shape.length > 1) {
    throw new InputError(
      `${what} is in Fortran order and cannot be read row by row; save numpy.ascontiguousarray of it.`,
    );
  }
  return {
    header,
    name: what,
    async forEach(every, visit) {
      const [rows, ...row] = header.shape;
      const bytes = sizeOf(row) * header.width;
      const together = Math.max(1, Math.floor(BLOCK / bytes));
      for (let first = 0; first < rows; first += together) {
        const count = Math.min(together, rows - first);
        const block = await reader.take(count * bytes);
        for (let r = (every - (first % every)) % every; r < count; r += every)
          visit(first + r, block.subarray(r * bytes, (r + 1) * bytes));
      }
      await reader.end();
    },
  };
}
