// Cases of the ops that draw data, and of whole data sets, which are the graphs these ops make.

import {
  areaMean,
  circles,
  type DataSet,
  exampleNoise,
  factorNumbers,
  gaussianGrid,
  ica,
  linearGaussianMixture,
  renderSprites,
  shapes3d,
  spriteFactors,
  sprites,
  xySquares,
} from '../../src/data';
import { unpackRule } from '../../src/data/files/packedRows';
import { apply, constant, type Tensor } from '../../src/engine';
import type { MeasureCase } from './measures';
import { numbers } from './ops';

/** Two rows of example numbers all over a set, the last one and numbers beyond its end among them. */
export function someOf(count: number, each = 6): Tensor {
  const drawn = numbers(2 * each, 0, count, 61).map(Math.floor);
  return constant(Uint32Array.from([...drawn.slice(0, -2), count - 1, count + 1]), [2, each]);
}

/** Sprites of shape `kind`, turned and placed anyhow. */
function anySprites(kind: number, count = 9): Tensor {
  const values = numbers(4 * count, 0, 1, 60 + kind);
  const rows = Array.from({ length: count }, (_, i) => {
    const [turn, size, x, y] = values.subarray(4 * i);
    const angle = 2 * Math.PI * turn;
    return [kind, 0.5 + size / 2, Math.cos(angle), Math.sin(angle), 16 + 32 * x, 16 + 32 * y];
  });
  return constant(Float32Array.from(rows.flat()), [count, 6]);
}

const setCase = (op: string, name: string, data: DataSet): MeasureCase => ({
  op,
  name,
  build: () => data.batch(someOf(data.count)),
});

/** Rows packed into several parts; the words come as constants, since a case has no variables to write. */
const packed = (bits: 1 | 8, first: number): Tensor => {
  const width = 37;
  const words = Math.ceil((width * bits) / 32);
  const content = constant(Uint32Array.from(numbers(5 * words, 0, 2 ** 32 - 257, 62), Math.floor), [5, words]);
  return apply(unpackRule, [content, constant(Uint32Array.of(0, 4, 3, 5, 9), [1, 5])], { bits, width, first });
};

const noise = { seed: 5, purpose: 9 } as const;

export const dataCases: readonly MeasureCase[] = [
  ...['squares', 'ellipses', 'hearts', 'discs'].map((name, kind) => ({
    op: 'renderSprites',
    name: `turned ${name}`,
    build: () => renderSprites(anySprites(kind), 64),
  })),
  { op: 'areaMean', name: '64 to 16', build: () => areaMean(renderSprites(anySprites(0), 64), 4) },
  {
    op: 'factorNumbers',
    name: 'of sprites',
    build: () =>
      factorNumbers(someOf(737280), spriteFactors(), [
        { factor: 'orientation', of: Math.cos },
        2,
        { factor: 'posY', of: (y) => y },
        { factor: 'shape', of: (shape) => shape },
      ]),
  },
  ...([1, 2, 7] as const).flatMap((width) =>
    (['uniform', 'normal'] as const).map((kind) => ({
      op: 'exampleNoise',
      name: `${width} ${kind}`,
      build: () => exampleNoise(someOf(1000), { ...noise, kind, width }),
    })),
  ),
  ...([1, 8] as const).flatMap((bits) =>
    [0, 3].map((first) => ({ op: 'unpack', name: `${bits} bits from ${first}`, build: () => packed(bits, first) })),
  ),
  setCase('sprites', 'plain, 64', sprites()),
  setCase('sprites', 'restricted, 32', sprites({ side: 32, factors: { shape: [2, 2], posY: [10, 21] } })),
  setCase('sprites', 'colour, 16', sprites({ side: 16, variant: 'colour', seed: 3 })),
  setCase('sprites', 'noisy, 16', sprites({ side: 16, variant: 'noisy', seed: 3 })),
  setCase('otherSets', 'xySquares', xySquares({ spacing: 3, side: 32 })),
  setCase('otherSets', 'circles', circles({ side: 32 })),
  ...[0, 1, 2, 3].map((shape) =>
    setCase('shapes3d', `shape ${shape}`, shapes3d({ factors: { shape: [shape, shape] } })),
  ),
  setCase('otherSets', 'linear', linearGaussianMixture({ seed: 7 })),
  setCase('otherSets', 'grid', gaussianGrid({ correlation: 0.6 })),
  setCase('otherSets', 'ica', ica({ distribution: 'laplace' })),
  setCase('otherSets', 'ica-tanh', ica({ mixing: 'tanh', sources: 5, levels: 4 })),
];
