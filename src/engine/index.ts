// The public face of the engine: `import { Device, variable, gradient, ... } from 'unweave'`.

export type { AdapterDescription } from './device/adapter';
export { Device, type DeviceOptions } from './device/device';
export type { Ledger } from './device/pool';
export { type ProfileEntry, type ProfileRow, profileTable } from './device/profile';
export type { GpuProgram } from './device/program';
export * from './errors';
export type { Evaluated, Executor, Program, RunOptions } from './graph/executor';
export { type Footprint, footprint } from './graph/footprint';
export { type GradientsOf, gradient } from './graph/gradient';
export { ReferenceDevice } from './graph/reference';
export type { Graph } from './graph/schedule';
export { type Shape, sizeOf } from './graph/shape';
export {
  apply,
  constant,
  type Data,
  type DataLike,
  type OperandType,
  type Rule,
  reshape,
  scalar,
  type Tensor,
  type Values,
  variable,
  view,
  type Winners,
} from './graph/tensor';
export type { Update, UpdateRule } from './graph/update';
export { append, assign, increment } from './graph/updates';
export { bernoulliNegativeLogLikelihood } from './ops/bernoulliNll';
export { add, div, maximum, minimum, mul, sub, whereNotPositive, wherePositive } from './ops/binary';
export { broadcastTo } from './ops/broadcast';
export { toFloat } from './ops/cast';
export { concat } from './ops/concat';
export { convolve, convolveTransposed } from './ops/convolution';
export { gatherRows, scatterRows } from './ops/gather';
export { gatherColumns, scatterColumns } from './ops/gatherColumns';
export { boundGaussian } from './ops/gaussianHead';
export { totalCorrelationOf } from './ops/gaussianTotalCorrelation';
export { clipByGlobalNorm, globalNorm } from './ops/globalNorm';
export { klToStandardNormal } from './ops/klGaussian';
export { linear, matmul, type ProductOptions } from './ops/matmul';
export { arenaLayout, pack } from './ops/pack';
export { packedWidth } from './ops/packedGaussian';
export { pairwiseLogDensity } from './ops/pairwiseGaussian';
export { assemble, patches, type Window } from './ops/patches';
export { permute, transpose } from './ops/permute';
export { type Ramp, ramp } from './ops/ramp';
export { randomBits, randomIndices, randomNormal, randomUniform, type Stream } from './ops/random';
export { logSumExp, max, mean, sum } from './ops/reduce';
export { sampleGaussians } from './ops/sampleGaussian';
export { place, slice } from './ops/slice';
export { crossEntropy, logSoftmax, softmax } from './ops/softmax';
export { argsort, randomPermutation, sort, topK } from './ops/sort';
export { triangularMultiply, triangularOuter, triangularSolve } from './ops/triangular';
export { abs, cos, exp, expm1, log, log1p, neg, relu, sigmoid, sin, softplus, sqrt, square, tanh } from './ops/unary';
export { type AdamOptions, type AdamState, adam, adamDefaults, GAP } from './optim/adam';
export { type SgdState, sgd } from './optim/sgd';
export { adamW, weightDecay } from './optim/weightDecay';
