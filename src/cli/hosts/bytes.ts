// Large arrays between page and Node. What crosses is text, so bytes go as base64, a piece at a time: the page asks Node for
// a part of something by name, or hands it over until the last piece is there. The page's half is here, and Node's.

/** What Node exposes to the page. */
export interface Exchange {
  /** Bytes `offset` to `offset + length` of what is called `name`, as base64. */
  readonly readBytes: (name: string, offset: number, length: number) => Promise<string>;
  /** Takes one piece; `last` ends what is called `name`. */
  readonly writeBytes: (name: string, piece: string, last: boolean) => Promise<void>;
}

declare global {
  var readBytes: Exchange['readBytes'];
  var writeBytes: Exchange['writeBytes'];
}

const PIECE = 2 ** 21;
/** Arguments that a call may have, safely. */
const CALL = 2 ** 13;

export function toBase64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CALL) text += String.fromCharCode(...bytes.subarray(at, at + CALL));
  return btoa(text);
}

export function fromBase64(text: string): Uint8Array<ArrayBuffer> {
  const raw = atob(text);
  return Uint8Array.from({ length: raw.length }, (_, i) => raw.charCodeAt(i));
}

/** In the page: bytes that Node has. */
export async function fetchBytes(name: string, offset: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at += PIECE) {
    bytes.set(fromBase64(await globalThis.readBytes(name, offset + at, Math.min(PIECE, length - at))), at);
  }
  return bytes;
}

/** In the page: hands bytes to Node; resolves when Node has dealt with them. */
export async function sendBytes(name: string, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at === 0 || at < bytes.length; at += PIECE) {
    await globalThis.writeBytes(name, toBase64(bytes.subarray(at, at + PIECE)), at + PIECE >= bytes.length);
  }
}

/** In Node: gives the page what `source` gives of a name, and hands to `sink` what has come whole. */
export function exchange(
  source: (name: string, offset: number, length: number) => Promise<Uint8Array>,
  sink: (name: string, bytes: Uint8Array) => Promise<void>,
): Record<keyof Exchange, (...given: never[]) => unknown> {
  const begun = new Map<string, Uint8Array[]>();
  return {
    readBytes: async (name: string, offset: number, length: number) => toBase64(await source(name, offset, length)),
    async writeBytes(name: string, piece: string, last: boolean) {
      const pieces = [...(begun.get(name) ?? []), fromBase64(piece)];
      begun.set(name, pieces);
      if (!last) return;
      begun.delete(name);
      await sink(name, Buffer.concat(pieces));
    },
  };
}
