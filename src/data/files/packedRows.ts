// Images of bits or bytes kept as they are on the GPU, one or eight bits a pixel, and unpacked when a batch is made. A data
// set that is larger than one buffer may be (WebGPU promises 128 MiB) lies in several.

import {
  add,
  apply,
  call,
  defineOp,
  type Executor,
  input,
  output,
  perThread,
  ShapeError,
  sizeOf,
  type Tensor,
  variable,
} from '../../engine';
import unpackKernel from '../../shaders/unpack.wgsl';

interface Options {
  readonly bits: Bits;
  /** Values of a row. */
  readonly width: number;
  /** The row of the whole that this part begins with. */
  readonly first: number;
}

/** Bits of a value. */
export type Bits = 1 | 8;

const scaleOf = (bits: Bits): number => 2 ** bits - 1;

export const unpackRule = /* @__PURE__ */ defineOp<Options>({
  name: 'unpack',
  operands: 'u32',
  infer([words, indices], { bits, width }) {
    if (words.shape.length !== 2 || words.shape[1] !== Math.ceil((width * bits) / 32)) {
      throw new ShapeError('unpack', `takes rows of ${width} values and indices`, [words.shape, indices.shape]);
    }
    return { shape: [...indices.shape, width], dtype: 'f32' };
  },
  kernels([words], { shape }, { bits, width, first }, tuning) {
    const threads = sizeOf(shape);
    const sizes = [width, first, words.shape[0], scaleOf(bits)];
    const slots = [input(0), input(1), output];
    return perThread(tuning, { kernel: unpackKernel, constants: { BITS: bits }, sizes, slots, threads });
  },
  cpu: ([words, indices], _output, { bits, width, first }) =>
    call('unpack', [input(0), input(1), output], sizeOf(indices.shape), ...words.shape, width, first, bits),
  gradient: { reason: 'packed values are data' },
  reference([words, indices], result, { bits, width, first }) {
    const [rows, wordsPerRow] = words.shape;
    const perWord = 32 / bits;
    for (let i = 0; i < result.data.length; i++) {
      const row = indices.data[Math.floor(i / width)] - first;
      const column = i % width;
      const word = row >= 0 && row < rows ? words.data[row * wordsPerRow + Math.floor(column / perWord)] : 0;
      result.data[i] = Math.fround(((word >>> (bits * (column % perWord))) & scaleOf(bits)) / scaleOf(bits));
    }
  },
});

/** Bytes of one buffer: below what WebGPU promises, and a whole number of megabytes. */
const PART_BYTES = 96 * 2 ** 20;

/** Images of bits or bytes, kept as they are where they are computed with: one or eight bits a value, unpacked when a batch is made. */
export class PackedRows {
  private readonly parts: { readonly first: number; readonly words: Uint32Array; readonly tensor: Tensor }[] = [];
  private readonly wordsPerRow: number;
  private readonly rowsPerPart: number;

  /** Room for `count` rows of `width` values of `bits` bits; `partBytes` bounds a buffer. */
  constructor(
    name: string,
    count: number,
    private readonly width: number,
    private readonly bits: Bits,
    partBytes = PART_BYTES,
  ) {
    this.wordsPerRow = Math.ceil((width * bits) / 32);
    this.rowsPerPart = Math.max(1, Math.floor(partBytes / (4 * this.wordsPerRow)));
    for (let first = 0; first < count; first += this.rowsPerPart) {
      const shape = [Math.min(this.rowsPerPart, count - first), this.wordsPerRow];
      const tensor = variable(`${name}.${this.parts.length}`, shape, 'u32');
      this.parts.push({ first, words: new Uint32Array(sizeOf(shape)), tensor });
    }
  }

  /** Packs the values of row `row`, each below 2^bits. */
  set(row: number, values: Uint8Array): void {
    const { first, words } = this.parts[Math.floor(row / this.rowsPerPart)];
    const at = (row - first) * this.wordsPerRow;
    const perWord = 32 / this.bits;
    for (let w = 0; w < this.wordsPerRow; w++) {
      let word = 0;
      const end = Math.min(perWord, this.width - w * perWord);
      for (let j = 0; j < end; j++) word |= values[w * perWord + j] << (this.bits * j);
      words[at + w] = word;
    }
  }

  /** The variables that hold the rows. */
  get stored(): readonly Tensor[] {
    return this.parts.map(({ tensor }) => tensor);
  }

  /** Uploads all rows. */
  async open(executor: Executor): Promise<void> {
    for (const { tensor, words } of this.parts) executor.write(tensor, words);
  }

  /** Rows [..., width] of the given indices, values in 0 ... 1. */
  batch(indices: Tensor): Tensor {
    const { bits, width } = this;
    return this.parts
      .map(({ first, tensor }) => apply(unpackRule, [tensor, indices], { bits, width, first }))
      .reduce(add);
  }
}
