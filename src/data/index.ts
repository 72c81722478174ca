// Data sets with known factors: `import { squares } from 'unweave/data'`.

export { type Factor, FactorSpace, linspace } from './factors';
export { areaMean, renderSprites } from './render';
export { type DataSet, squares } from './squares';
