// Studies: what is compared with what, on which seeds, and how the answer is told.

export { type Measured, presets, putTogether, type StudyOutcome, trainAndMeasure } from './decline';
export type { ArmResult, ReplicaResult, StudyConfig, StudyResults, Traversals } from './results';
export { type Comparison, compare } from './statistics';
