// Threefry2x32 with 20 rounds (Salmon et al., SC 2011): the twin of shaders/lib/threefry.wgsl. Known-answer vectors of
// the authors' Random123 are a test.

const ROTATIONS = [13, 15, 26, 6, 17, 29, 16, 24];
const PARITY = 0x1bd11bda;

/** Two 32-bit words of a key or a counter, or the two random words they give. */
export type Block = readonly [number, number];

export function threefry(key: Block, counter: Block): Block {
  const schedule = [key[0], key[1], key[0] ^ key[1] ^ PARITY];
  let x = (counter[0] + key[0]) | 0;
  let y = (counter[1] + key[1]) | 0;
  for (let round = 0; round < 20; round++) {
    const n = ROTATIONS[round % 8];
    x = (x + y) | 0;
    y = ((y << n) | (y >>> (32 - n))) ^ x;
    if (round % 4 === 3) {
      const injection = (round + 1) / 4;
      x = (x + schedule[injection % 3]) | 0;
      y = (y + schedule[(injection + 1) % 3] + injection) | 0;
    }
  }
  return [x >>> 0, y >>> 0];
}

/** Uniform on the open interval (0, 1): 23 bits and a half. Exact in f32. */
export const uniformF = (bits: number): number => ((bits >>> 9) + 0.5) * 2 ** -23;

/** floor(bits * n / 2^32), an index below n. */
export const indexBelow = (bits: number, n: number): number => Number((BigInt(bits >>> 0) * BigInt(n)) >> 32n);
