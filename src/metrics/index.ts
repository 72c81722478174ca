// Measures of a representation: `import { ksg1, mig, aggregateInformation } from 'unweave/metrics'`.

export { normalQuantile } from '../math/normal';
export type { Columns } from './disentanglement/columns';
export { DEAD_DEVIATION, deadLatents } from './disentanglement/deadLatents';
export type { JointCounts } from './disentanglement/discrete';
export type { InformationTable } from './disentanglement/informationTable';
export { type Boosting, type BoostingOptions, boosting, boostingDefaults } from './disentanglement/learners/boosting';
export { type Lasso, lasso } from './disentanglement/learners/lasso';
export type { Line } from './disentanglement/learners/linearSvm';
export {
  type LinearSvm,
  type LinearSvmOptions,
  linearSvm,
  linearSvmDefaults,
} from './disentanglement/learners/linearSvm';
export {
  type LogisticOptions,
  type LogisticRegression,
  logisticDefaults,
  logisticRegression,
} from './disentanglement/learners/logistic';
export {
  batchVariances,
  informationTables,
  jointCounts,
  type PopulationRequest,
  scorePopulation,
} from './disentanglement/population';
export { drawRows, published, someOf } from './disentanglement/protocol';
export { type ScoreEntry, type ScoreReport, type ScoreRequest, scoreCodes } from './disentanglement/report';
export {
  type BetaVae as BetaVaeScore,
  type BetaVaeOptions as BetaVaeScoreOptions,
  betaVae as betaVaeScore,
  betaVaeDefaults as betaVaeScoreDefaults,
} from './disentanglement/scores/betaVae';
export {
  type Concentration,
  completeness,
  type Dci,
  type DciOptions,
  dci,
  dciDefaults,
  disentanglement,
} from './disentanglement/scores/dci';
export { type DciMig, dciMig } from './disentanglement/scores/dciMig';
export {
  type Explicitness,
  type ExplicitnessOptions,
  explicitness,
  explicitnessDefaults,
} from './disentanglement/scores/explicitness';
export {
  type FactorVae as FactorVaeScore,
  type FactorVaeOptions as FactorVaeScoreOptions,
  factorVae as factorVaeScore,
  factorVaeDefaults as factorVaeScoreDefaults,
} from './disentanglement/scores/factorVae';
export { type Irs, irs } from './disentanglement/scores/irs';
export { type Jemmig, jemmig } from './disentanglement/scores/jemmig';
export { type Mcc, type MccOptions, mcc, mccDefaults } from './disentanglement/scores/mcc';
export { type Mig, type MigOptions, mig, migDefaults, migRank } from './disentanglement/scores/mig';
export { type MigChen, migChen } from './disentanglement/scores/migChen';
export { type MigSup, migSup } from './disentanglement/scores/migSup';
export { type Modularity, modularity } from './disentanglement/scores/modularity';
export { type Sap, type SapOptions, sapContinuous, sapDefaults, sapDiscrete } from './disentanglement/scores/sap';
export {
  relativeStrength,
  type Udr,
  type UdrModel,
  type UdrOptions,
  udr,
  udrDefaults,
} from './disentanglement/scores/udr';
export { gaussianDependence, type Unsupervised, unsupervised } from './disentanglement/scores/unsupervised';
export type { Measure, Measured, Sample } from './disentanglement/table';
export { type ScoreName, type ScoreRecipe, scoreNames, scores } from './disentanglement/table';
export { reportUdr, type UdrEntry } from './disentanglement/udrReport';
export {
  type AggregateInformation,
  type AggregateOptions,
  aggregateInformation,
  type Estimate,
  samplesOf,
} from './information/aggregate';
export { type DecodeAlong, type DecoderPointwise, decoderInformation, type Likelihood } from './information/decoder';
export { type DiscreteInformation, discreteInformation, type Outcome } from './information/discrete';
export { Draw } from './information/draw';
export {
  type EstimateReport,
  type EstimateRequest,
  type EstimatorName,
  estimate,
  estimatorNames,
  estimators,
  type Variable,
} from './information/estimate';
export { type BatchEstimate, type BatchOptions, type BatchProblem, estimateBatch } from './information/estimateBatch';
export type { EstimatorOptions, InformationEstimate } from './information/estimators';
export { neighbourEstimate } from './information/estimators';
export { type GaussianInformation, linearGaussian } from './information/gaussian';
export { type InformationMatrix, informationMatrix } from './information/informationMatrix';
export { type KsgOptions, ksg, type Sampled } from './information/ksg';
export { ksgOfPairs, type PairProblem, pairProblem, permutationTestOfPairs } from './information/ksgPairs';
export type { Marginal } from './information/marginals';
export type { DensityGrid, Resolution } from './information/mixture1d';
export { information, type Pointwise, pointwiseInformation } from './information/mixture1d';
export { MAX_LATENTS } from './information/mixtureDensity';
export type { Columns as ExactColumns, Metric, Neighbours } from './information/neighbours';
export {
  type Component,
  component,
  componentsFromPacked,
  conditionalTotalCorrelation,
  synergy,
} from './information/posterior';
export {
  type LeastCoupled,
  leastCoupled,
  type Marginals,
  marginalsIn,
  totalCorrelationIn,
  turnedColumns,
} from './information/rotation';
export { type Turning, type TurningPoint, turningCurve } from './information/turning';
export type { GroupSummary, Welch } from './invariance/anova';
export { holm, summarise as summariseGroup, welch } from './invariance/anova';
export type { CalibrationOptions, Generator } from './invariance/calibrate';
export { calibrateNull, calibratePower, generators, type NullResult, type PowerResult } from './invariance/calibrate';
export {
  calibrateEquivalence,
  type EquivalenceResult,
  encoderOf,
  type SourceName,
  sourceNames,
} from './invariance/calibrateEquivalence';
export type { PointwiseEstimate } from './invariance/invarianceTest';
export {
  type InvarianceOptions,
  invarianceTest,
  type LatentInvariance,
  type Verdict,
} from './invariance/invarianceTest';
