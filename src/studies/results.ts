// What a study leaves behind: results.json, in full. Every number of the report comes from here.

import type { AdapterDescription } from '../engine';
import type { Comparison } from './statistics';

export const SCHEMA_VERSION = 1;

export interface StudyConfig {
  readonly study: 'decline';
  readonly preset: string;
  readonly data: 'squares';
  readonly arms: readonly { readonly name: string; readonly offDiagonal: boolean }[];
  readonly seeds: readonly number[];
  readonly hidden: readonly number[];
  readonly latents: number;
  readonly beta: number;
  readonly conditionalTcPenalty: number;
  readonly batch: number;
  readonly steps: number;
  readonly learningRate: number;
  readonly migSamples: number;
  readonly samplesPerComponent: number;
  readonly ksgNeighbours: number;
}

/** One trained model, measured. Nats, except `mig`; arrays are by latent. */
export interface ReplicaResult {
  readonly seed: number;
  readonly mig: number;
  readonly migByFactor: number[];
  /** Mean over the data set of the negative log-likelihood of one sample. */
  readonly reconstruction: number;
  readonly kl: number;
  readonly conditionalTc: number;
  readonly information: number[];
  readonly conditionalInformation: number[];
  readonly redundancy: number[];
  readonly synergy: number[];
  readonly gap: number[];
  /** The bridge identity's largest residual over latents, with the standard error it should have. */
  readonly bridgeResidual: number;
  readonly bridgeStandardError: number;
  readonly standardErrors: { readonly conditionalInformation: number[]; readonly redundancy: number[] };
  /** Model-free cross-checks by KSG1 on one sample of every example. */
  readonly ksg: { readonly meanInformation: number[]; readonly pairs: number[][]; readonly ceiling: number };
  readonly curves: { readonly step: number[]; readonly reconstruction: number[]; readonly kl: number[] };
}

export interface ArmResult {
  readonly name: string;
  readonly replicas: ReplicaResult[];
}

export interface StudyResults {
  readonly schemaVersion: number;
  readonly study: string;
  readonly preset: string;
  readonly config: StudyConfig;
  readonly adapter: AdapterDescription;
  readonly versions: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly arms: ArmResult[];
  /** MIG, second arm less first. */
  readonly comparison: Comparison;
}

/** Images for the report: for each arm the traversals of the replica whose MIG is the median, [latent][step] square images. */
export interface Traversals {
  readonly arm: string;
  readonly seed: number;
  readonly images: readonly (readonly (readonly number[])[])[];
}
