// The public face of the engine: `import { Device, variable, gradient, ... } from 'unweave'`.

export type { AdapterDescription } from './device/adapter';
export { Device } from './device/device';
export type { Ledger } from './device/pool';
export * from './errors';
export type { Executor, Program } from './graph/executor';
export { gradient } from './graph/gradient';
export { ReferenceDevice } from './graph/reference';
export type { Graph } from './graph/schedule';
export { type Shape, sizeOf } from './graph/shape';
export { apply, constant, type Rule, reshape, scalar, type Tensor, type Values, variable, view } from './graph/tensor';
export type { Update, UpdateRule } from './graph/update';
export { append, assign, increment } from './graph/updates';
export { bernoulliNegativeLogLikelihood } from './ops/bernoulliNll';
export { add, div, maximum, minimum, mul, sub, whereNotPositive, wherePositive } from './ops/binary';
export { broadcastTo } from './ops/broadcast';
export { gatherRows } from './ops/gather';
export { boundGaussian } from './ops/gaussianHead';
export { totalCorrelationOf } from './ops/gaussianTotalCorrelation';
export { klToStandardNormal } from './ops/klGaussian';
export { linear, type MatmulOptions, multiply } from './ops/matmul';
export { arenaLayout, pack } from './ops/pack';
export { packedWidth } from './ops/packedGaussian';
export { randomIndices, randomNormal, randomUniform, type Stream } from './ops/random';
export { max, mean, sum } from './ops/reduce';
export { sampleGaussians } from './ops/sampleGaussian';
export { abs, exp, expm1, log, log1p, neg, relu, sigmoid, softplus, sqrt, tanh } from './ops/unary';
export { type AdamOptions, type AdamState, adam, adamDefaults, GAP } from './optim/adam';
