// Models and their training: `import { vae, full, betaVae, train } from 'unweave/models'`.

export { decode, encode } from './encode';
export { type InfoGan, type InfoGanOptions, infoGan, infoGanObjective } from './infogan';
export { bernoulli, gaussian, type Likelihood } from './likelihoods';
export { type Objective, type PerReplica, type Player, perReplica, type Step, type StepInputs } from './objective';
export * from './objectives';
export { type ParameterSpec, type Parameters, parameters, purposes } from './parameters';
export * from './posteriors';
export { replicaOf, together } from './replicas';
export { type History, type Saved, type TrainOptions, train } from './train';
export { type ExampleSource, RING, type StepOptions, type TrainingStep, trainingStep } from './trainingStep';
export { type Vae, type VaeOptions, vae } from './vae';
