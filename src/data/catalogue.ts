// Data sets by name, as the command line asks for them.

import { InputError } from '../engine';
import { type ChannelOptions, copies, gated, xor } from './channels';
import { type CircleOptions, circles } from './circles';
import type { DataSet } from './dataSet';
import { type GridOptions, gaussianGrid } from './gaussianGrid';
import { type IcaOptions, ica } from './ica';
import { type LinearOptions, linearGaussianMixture } from './linear';
import { type Shapes3dOptions, shapes3d } from './shapes3d';
import { type SpriteOptions, sprites } from './sprites';
import { type SquareOptions, squares } from './squares';
import { type XYSquareOptions, xySquares } from './xySquares';

/** The options of all sets; each takes its own. */
export type DataSetOptions = SquareOptions &
  SpriteOptions &
  XYSquareOptions &
  CircleOptions &
  Shapes3dOptions &
  LinearOptions &
  IcaOptions &
  GridOptions &
  ChannelOptions & { readonly flips?: readonly number[]; readonly flip?: number };

interface Entry {
  /** In one line, for a list of what there is. */
  readonly about: string;
  readonly options: readonly (keyof DataSetOptions)[];
  make(options: DataSetOptions): DataSet;
}

const images = ['side', 'factors'] as const;
const drawn = ['draws', 'seed'] as const;

const catalogue = {
  squares: { about: 'the dSprites square: scale, x and y, 2,304 small images', options: images, make: squares },
  sprites: { about: 'dSprites: 737,280 images, drawn', options: [...images, 'variant', 'seed'], make: sprites },
  xySquares: {
    about: 'three squares on a grid, the negative control',
    options: [...images, 'spacing'],
    make: xySquares,
  },
  circles: { about: 'a disc at polar coordinates', options: images, make: circles },
  shapes3d: { about: 'a room with an object, like 3D Shapes: 480,000 images', options: images, make: shapes3d },
  linear: {
    about: 'linear-Gaussian mixture with exact answers',
    options: ['lengths', 'noise', 'observed', 'levels', 'factors', 'seed'],
    make: linearGaussianMixture,
  },
  ica: {
    about: 'independent sources, mixed linearly or through tanh',
    options: ['sources', 'levels', 'distribution', 'mixing', 'factors', 'seed'],
    make: ica,
  },
  grid: {
    about: 'normal latents around a grid of means',
    options: ['levels', 'noise', 'correlation', ...drawn],
    make: gaussianGrid,
  },
  gated: { about: 'a channel whose noise another latent sets', options: ['flips', 'flip', ...drawn], make: gated },
  xor: { about: 'two latents that know x only together', options: drawn, make: xor },
  copies: { about: 'two noisy copies of a bit', options: ['flip', ...drawn], make: copies },
} satisfies Record<string, Entry>;

/** Names that `dataSet` takes. */
export type DataSetName = keyof typeof catalogue;

/** Names of all sets, each with what it is. */
export const dataSets: Readonly<Record<DataSetName, string>> = Object.fromEntries(
  Object.entries(catalogue).map(([name, { about }]) => [name, about]),
) as Record<DataSetName, string>;

/** The options that a set takes. */
export const dataSetOptions = (name: DataSetName): readonly string[] => catalogue[name].options;

/** The data set called `name`. Throws InputError, listing what there is, for another name or an option that it has not. */
export function dataSet(name: string, options: DataSetOptions = {}): DataSet {
  const entry: Entry | undefined = Object.hasOwn(catalogue, name) ? catalogue[name as DataSetName] : undefined;
  if (entry === undefined) {
    throw new InputError(`there is no data set "${name}"; there are ${Object.keys(catalogue).join(', ')}`);
  }
  for (const option of Object.keys(options)) {
    if (!(entry.options as readonly string[]).includes(option)) {
      throw new InputError(`the data set ${name} has no option ${option}; it has ${entry.options.join(', ')}`);
    }
  }
  return entry.make(options);
}
