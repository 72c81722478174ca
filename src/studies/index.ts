// Studies: what is compared with what, on which seeds, and how the answer is told.

export { presets, runDecline, type StudyHooks, type StudyOutcome } from './decline';
export type { ArmResult, ReplicaResult, StudyConfig, StudyResults, Traversals } from './results';
export { type Comparison, compare } from './statistics';
