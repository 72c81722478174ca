// Seeded draws for tests and resampling: Threefry streams, in f64 where a number is wanted.

import { InputError } from '../../engine';
import { threefry } from '../../engine/random/threefry';

/** A sequence of draws that depends on nothing but its seed and purpose. */
export class Draw {
  private counter = 0;
  /** The second word of the last block, until it is drawn. */
  private spare: number | undefined;

  constructor(
    private readonly seed: number,
    private readonly purpose: number,
  ) {
    if (!Number.isSafeInteger(seed) || seed < 0)
      throw new InputError(`a seed is ${seed}; it must be a whole number, 0 or more`);
  }

  /** 32 random bits. */
  bits(): number {
    const spare = this.spare;
    if (spare !== undefined) {
      this.spare = undefined;
      return spare;
    }
    const [word, next] = threefry([this.seed, this.purpose], [this.counter++, 0]);
    this.spare = next;
    return word;
  }

  /** Uniform on the open interval (0, 1). */
  uniform(): number {
    return (this.bits() + 0.5) * 2 ** -32;
  }

  /** A whole number below n. */
  below(n: number): number {
    return Math.floor(this.uniform() * n);
  }

  /** 0 ... n - 1 in a random order (Fisher & Yates; Durstenfeld 1964). */
  permutation(n: number): Int32Array {
    const order = Int32Array.from({ length: n }, (_, i) => i);
    for (let i = n - 1; i > 0; i--) {
      const j = this.below(i + 1);
      [order[i], order[j]] = [order[j], order[i]];
    }
    return order;
  }
}
