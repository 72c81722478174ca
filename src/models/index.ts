// Models and their training: `import { vae, full, betaVae, train } from 'unweave/models'`.

export { decode, encode } from './encode';
export { betaVae, type Loss, type Objective, type PerReplica, perReplica, type TermName, termNames } from './objective';
export { type ParameterSpec, type Parameters, parameters, purposes } from './parameters';
export { full, type Posterior } from './posterior';
export { type History, type TrainOptions, train } from './train';
export { type StepOptions, type TrainingStep, trainingStep } from './trainingStep';
export { type Vae, type VaeOptions, vae } from './vae';
