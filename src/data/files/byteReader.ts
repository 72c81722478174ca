// Bytes of a stream in pieces of a given size, so that a file larger than memory can be read from front to end.

import { InputError } from '../../engine';

export class ByteReader {
  /** Bytes handed out so far. */
  position = 0;
  private readonly source: AsyncIterator<Uint8Array>;
  private rest: Uint8Array = new Uint8Array(0);

  /** `name` is what an error calls the stream. */
  constructor(
    stream: ReadableStream<Uint8Array>,
    private readonly name: string,
  ) {
    this.source = chunksOf(stream);
  }

  /**
   * The next `count` bytes. Throws InputError, naming the byte, where the stream ends before or cannot be unpacked. Memory is
   * taken as bytes come, not by what a file says that it has.
   */
  async take(count: number): Promise<Uint8Array> {
    if (this.rest.length >= count) return this.hand(this.rest.subarray(0, count), this.rest.subarray(count));
    const pieces = [this.rest];
    let has = this.rest.length;
    while (has < count) {
      const piece = await this.next(this.position + has, this.position + count);
      pieces.push(piece);
      has += piece.length;
    }
    const bytes = new Uint8Array(has);
    let at = 0;
    for (const piece of pieces) {
      bytes.set(piece, at);
      at += piece.length;
    }
    return this.hand(bytes.subarray(0, count), bytes.subarray(count));
  }

  /** Throws InputError where there is more to read. */
  async end(): Promise<void> {
    const more = this.rest.length > 0 || !(await this.advance(this.position)).done;
    await this.close();
    if (more) throw new InputError(`${this.name} has bytes after its last value, from byte ${this.position} on.`);
  }

  /** Lets go of a stream that is not read to its end. */
  async close(): Promise<void> {
    await this.source.return?.();
  }

  private hand(bytes: Uint8Array, rest: Uint8Array): Uint8Array {
    this.rest = rest;
    this.position += bytes.length;
    return bytes;
  }

  private async advance(has: number): Promise<IteratorResult<Uint8Array>> {
    try {
      return await this.source.next();
    } catch (cause) {
      if (cause instanceof InputError) throw cause;
      throw new InputError(`${this.name} is damaged: it cannot be unpacked beyond byte ${has}.`, { cause });
    }
  }

  private async next(has: number, needs: number): Promise<Uint8Array> {
    const result = await this.advance(has);
    if (result.done) throw new InputError(`${this.name} is cut off: it has ${has} bytes and needs at least ${needs}.`);
    return result.value;
  }
}

/** Browsers do not all have streams that can be iterated. */
async function* chunksOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array, undefined> {
  const reader = stream.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // A stream that broke cannot be cancelled; there is nothing left to let go of.
    await reader.cancel().catch(() => undefined);
  }
}
