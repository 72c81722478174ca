// The memory of a CpuDevice: one WebAssembly memory, cut into blocks. The smallest free block that fits is taken, neighbours merge
// when they are given back, and the memory grows when nothing fits; it cannot shrink.

import { exhausted, holdersOf, type Ledger } from '../graph/ledger';

/** Blocks begin at whole cache lines. */
const LINE = 64;
const PAGE = 65536;
/** Grown by at least so many pages: growing takes every view of the memory away. */
const GROWTH = 64;
/** Kept free behind the last block: kernels read, and never write, up to a vector beyond what they compute. */
const GUARD = LINE;

interface Block {
  readonly at: number;
  readonly bytes: number;
}

export class Heap {
  private readonly used = new Map<number, { readonly bytes: number; readonly owner: string }>();
  /** By address; no two touch. */
  private free: Block[] = [];
  private end: number;
  private liveBytes = 0;
  private peakBytes = 0;

  /** Blocks from address `from` on, of at most `limit` bytes together. */
  constructor(
    readonly memory: WebAssembly.Memory,
    from: number,
    private readonly limit: number,
  ) {
    this.end = Math.ceil(from / LINE) * LINE;
    this.extend(memory.buffer.byteLength - GUARD);
  }

  /** A block of at least `bytes` for `owner`, with whatever was in it. Throws MemoryError, which says who holds the memory. */
  take(bytes: number, owner: string): number {
    const wanted = Math.max(1, Math.ceil(bytes / LINE)) * LINE;
    const found = this.smallest(wanted) ?? this.grow(wanted, owner);
    if (this.liveBytes + wanted > this.limit) throw exhausted(wanted, owner, this.ledger);
    const rest = { at: found.at + wanted, bytes: found.bytes - wanted };
    this.free = this.free.flatMap((each) => (each !== found ? [each] : rest.bytes > 0 ? [rest] : []));
    this.used.set(found.at, { bytes: wanted, owner });
    this.liveBytes += wanted;
    this.peakBytes = Math.max(this.peakBytes, this.liveBytes);
    return found.at;
  }

  give(at: number): void {
    const block = this.used.get(at);
    if (block === undefined) return;
    this.used.delete(at);
    this.liveBytes -= block.bytes;
    this.insert({ at, bytes: block.bytes });
  }

  get ledger(): Ledger {
    const holders = holdersOf([...this.used.values()].map(({ owner, bytes }) => [owner, bytes] as const));
    const pooledBytes = this.free.reduce((total, { bytes }) => total + bytes, 0);
    const { liveBytes, peakBytes } = this;
    return { live: this.used.size, liveBytes, pooled: this.free.length, pooledBytes, peakBytes, holders };
  }

  private smallest(wanted: number): Block | undefined {
    return this.free.reduce<Block | undefined>(
      (best, each) => (each.bytes >= wanted && (best === undefined || each.bytes < best.bytes) ? each : best),
      undefined,
    );
  }

  private grow(wanted: number, owner: string): Block {
    const last = this.free[this.free.length - 1];
    const open = last !== undefined && last.at + last.bytes === this.end ? last.bytes : 0;
    const pages = Math.ceil((wanted - open + GUARD) / PAGE);
    const tooMuch = this.liveBytes + wanted > this.limit;
    if (tooMuch || !(this.tryGrow(Math.max(GROWTH, pages)) || this.tryGrow(pages)))
      throw exhausted(wanted, owner, this.ledger);
    this.extend(this.memory.buffer.byteLength - GUARD);
    return this.free[this.free.length - 1];
  }

  private tryGrow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }

  private extend(end: number): void {
    const whole = Math.floor(end / LINE) * LINE;
    if (whole > this.end) this.insert({ at: this.end, bytes: whole - this.end });
    this.end = Math.max(this.end, whole);
  }

  /** Adds a free block, merged with those that it touches. */
  private insert(block: Block): void {
    const before = this.free.filter(({ at }) => at < block.at);
    const after = this.free.filter(({ at }) => at > block.at);
    let { at, bytes } = block;
    const left = before[before.length - 1];
    if (left !== undefined && left.at + left.bytes === at) {
      before.pop();
      at = left.at;
      bytes += left.bytes;
    }
    const [right] = after;
    if (right !== undefined && at + bytes === right.at) {
      after.shift();
      bytes += right.bytes;
    }
    this.free = [...before, { at, bytes }, ...after];
  }
}
