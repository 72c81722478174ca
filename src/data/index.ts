// Data sets with known factors: `import { squares } from 'unweave/data'`.

export { type Factor, FactorSpace, linspace } from './factors';
export { type NamedArray, type PackedGaussians, packGaussians } from './files/gaussians';
export { type NumberArray, npyHeader, readNpy, writeNpy } from './files/npy';
export { npzNames, readNpz } from './files/npz';
export { readSafetensors, type Safetensors, type StoredTensor, writeSafetensors } from './files/safetensors';
export { readText, type TextTable } from './files/text';
export { areaMean, renderSprites } from './render';
export { stored } from './source';
export { type DataSet, squares } from './squares';
