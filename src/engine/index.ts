// The public face of the engine: `import { Device, variable, gradient, ... } from 'unweave'`.

export type { Flavour, Flavours, Kernel } from '../shaders/kernel';
export type { AdapterDescription } from './device/adapter';
export { Device, type DeviceOptions } from './device/device';
export { type ProfileEntry, type ProfileRow, profileTable } from './device/profile';
export type { GpuProgram, Range } from './device/program';
export * from './errors';
export { type CpuCall, type CpuPlan, call } from './graph/cpuPlan';
export { type DescribeOptions, describe } from './graph/describe';
export {
  type Dispatch,
  HARDWARE,
  input,
  output,
  type Plan,
  perThread,
  rowDispatches,
  type Slot,
  SOFTWARE,
  scratch,
  single,
  type Threads,
  type Tuning,
  threadDispatches,
  type Winners,
} from './graph/dispatch';
export {
  type Evaluated,
  type Executor,
  type ExecutorKind,
  type Program,
  type RunOptions,
  withProgram,
} from './graph/executor';
export { type Footprint, footprint } from './graph/footprint';
export { type GradientsOf, gradient } from './graph/gradient';
export type { HostProgram } from './graph/hostExecutor';
export type { Ledger } from './graph/ledger';
export {
  apply,
  type Call,
  defineOp,
  type GradientRule,
  type NotDifferentiable,
  type OperandType,
  type Rule,
} from './graph/rule';
export type { Graph } from './graph/schedule';
export { type Shape, sizeOf } from './graph/shape';
export {
  constant,
  type Data,
  type DataLike,
  type Dtype,
  type Gradients,
  named,
  type Operand,
  type Operation,
  reshape,
  type Signature,
  type Source,
  scalar,
  stopGradient,
  type Tensor,
  type Values,
  variable,
  view,
} from './graph/tensor';
export { type OpenOptions, openExecutor } from './openExecutor';
export { arenaLayout } from './ops/arenaLayout';
export { argmax } from './ops/argmax';
export { bernoulliNegativeLogLikelihood } from './ops/bernoulliNll';
export {
  add,
  div,
  equal,
  greater,
  greaterEqual,
  less,
  lessEqual,
  maximum,
  minimum,
  mul,
  notEqual,
  sub,
  whereNotPositive,
  wherePositive,
} from './ops/binary';
export { toFloat } from './ops/cast';
export { concat, stack } from './ops/concat';
export { convolve, convolveTransposed } from './ops/convolution';
export { cumulativeSum } from './ops/cumulativeSum';
export { gatherRows, scatterRows } from './ops/gather';
export { gatherColumns, scatterColumns } from './ops/gatherColumns';
export { boundGaussian } from './ops/gaussianHead';
export { totalCorrelationOf } from './ops/gaussianTotalCorrelation';
export { clipByGlobalNorm, globalNorm } from './ops/globalNorm';
export { klToStandardNormal } from './ops/klGaussian';
export { linear, matmul, type ProductOptions } from './ops/matmul';
export type { Variant } from './ops/matmulPlan';
export { pack } from './ops/pack';
export { packedWidth } from './ops/packedGaussian';
export { pairwiseLogDensity } from './ops/pairwiseGaussian';
export { assemble, patches, type Window } from './ops/patches';
export { permute, transpose } from './ops/permute';
export { type Curve, type Ramp, ramp } from './ops/ramp';
export { randomBits, randomIndices, randomNormal, randomUniform, type Stream } from './ops/random';
export { logSumExp, max, min } from './ops/reduce';
export { sampleGaussians } from './ops/sampleGaussian';
export { place, slice } from './ops/slice';
export { crossEntropy, logSoftmax, softmax } from './ops/softmax';
export { argsort, randomPermutation, sort, topK } from './ops/sort';
export { broadcastTo, mean, sum } from './ops/sum';
export { triangularMultiply, triangularOuter, triangularSolve } from './ops/triangular';
export {
  abs,
  clip,
  cos,
  exp,
  expm1,
  leakyRelu,
  log,
  log1p,
  neg,
  pow,
  relu,
  sigmoid,
  sin,
  softplus,
  sqrt,
  square,
  tanh,
} from './ops/unary';
export { append, assign, increment } from './ops/updates';
export { where } from './ops/where';
export { type AdamOptions, type AdamState, adam, adamDefaults, GAP } from './optim/adam';
export { type SgdState, sgd } from './optim/sgd';
export { adamW, weightDecay } from './optim/weightDecay';
export { type FloatStorage, ReferenceDevice, type ReferenceProgram } from './reference/device';
