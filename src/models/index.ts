// Models and their training: `import { vae, full, betaVae, train } from 'unweave/models'`.

export { decode, type EncodeOptions, type Encoding, encode, restore } from './encode';
export {
  BATCH,
  dataReader,
  type EncodedBatch,
  type Encodes,
  encodeBatches,
  type Reader,
  rowsReader,
  unpackGaussians,
} from './encoding';
export { type InfoGan, type InfoGanOptions, infoGan, infoGanObjective } from './infogan';
export { bernoulli, gaussian, type Likelihood } from './likelihoods';
export { type Activation, chain, denseSpecs, mlp, type Network } from './networks/network';
export { type Objective, type PerReplica, type Player, perReplica, type Step, type StepInputs } from './objective';
export * from './objectives';
export { type Dose, type Evidence, evidence, modelPlayer } from './objectives/evidence';
export { OTHER_PLAYER, type ParameterSpec, type Parameters, parameters, purposes } from './parameters';
export * from './posteriors';
export { type Layout, replicaOf, together } from './replicas';
export { type History, type Saved, type Trained, type TrainOptions, train } from './train';
export { type ExampleSource, RING, type StepOptions, type TrainingStep, trainingStep } from './trainingStep';
export { type Vae, type VaeOptions, vae } from './vae';
