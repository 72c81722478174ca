// Data sets with known factors: `import { squares } from 'unweave/data'`.

export type { Matrix } from '../math/matrix';
export { type DataSetName, type DataSetOptions, dataSet, dataSets } from './catalogue';
export { type Channel, type ChannelAnswers, type ChannelOptions, copies, gated, xor } from './channels';
export { type CircleOptions, circles } from './circles';
export { type DataSet, drawAll, widthOf } from './dataSet';
export { exampleNoise, type NoiseOptions } from './exampleNoise';
export { type Coordinate, factorNumbers } from './factorNumbers';
export { type Factor, FactorSpace, linspace } from './factors';
export { brief } from './files/brief';
export { readSprites, type SpriteFileOptions } from './files/dsprites';
export { chooseExamples, type NamedArray, type PackedGaussians, packGaussians, rescaled } from './files/gaussians';
export { type ImageFileOptions, readImages } from './files/images';
export { type NumberArray, npyHeader, readNpy, type Writable, writeNpy } from './files/npy';
export { npzNames, readNpz } from './files/npz';
export { type Bits, PackedRows } from './files/packedRows';
export { readSafetensors, type Safetensors, type StoredTensor, writeSafetensors } from './files/safetensors';
export { loadState, type SavedState, saveState } from './files/state';
export { readColumns, readText, type TextColumns, type TextTable } from './files/text';
export { type ArrayOptions, type ArraySet, fromArray } from './fromArray';
export { type GridOptions, type GridSet, gaussianGrid } from './gaussianGrid';
export { type IcaOptions, type IcaSet, ica } from './ica';
export {
  type GaussianAnswers,
  gaussianAnswers,
  type LinearOptions,
  type LinearSet,
  linearGaussianMixture,
} from './linear';
export { areaMean, renderSprites } from './render';
export { parseFactors, type Restriction, restrict } from './restriction';
export { renderScene } from './scene';
export { type Shapes3dOptions, shapes3d } from './shapes3d';
export { stored } from './source';
export { type SpriteOptions, spriteFactors, sprites } from './sprites';
export { type SquareOptions, type Squares, squares } from './squares';
export { type XYSquareOptions, xySquares } from './xySquares';
