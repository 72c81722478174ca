// What a benchmark case is, and what was measured of it.

import type { Graph, ProfileRow, Tensor } from '../src/engine';

export interface BenchCase {
  /** op/kind/sizes, such as matmul/nn/512x512x512. */
  readonly name: string;
  readonly shape: readonly number[];
  /** Arithmetic operations and bytes moved of one run, by the formula of the op; 0 where the notion says nothing. */
  readonly flops: number;
  readonly bytes: number;
  /** The graph to time, and what must be set before it runs. */
  readonly build: () => BenchGraph;
}

export interface BenchGraph {
  readonly graph: Graph<string>;
  /** Called once with the device before the first run. */
  readonly start?: (executor: import('../src/engine').Executor) => Promise<void>;
}

/** A case whose graph is one tensor. */
export const of = (output: Tensor): BenchGraph => ({ graph: { outputs: { output } } });

/** The ceilings of an adapter, measured in the same rounds as the cases. */
export interface Roofline {
  /** Multiply-adds on registers: 2 operations each. */
  readonly gflops: number;
  /** Copying 16 MiB: bytes read plus bytes written. */
  readonly gbps: number;
  /** A dispatch that does nothing, among others in one pass, microseconds. */
  readonly launchUs: number;
}

/** What was measured of a case, before it is compared with the ceilings. */
export interface Measured {
  readonly name: string;
  readonly shape: readonly number[];
  /** Wall time of one run: median over the samples, and the median absolute deviation. */
  readonly medianMs: number;
  readonly spreadMs: number;
  readonly minMs: number;
  /** GPU time of one run by timestamps, or null where the adapter has none. */
  readonly gpuMs: number | null;
  readonly gflops: number;
  readonly gbps: number;
  /** Compiling on a device that has compiled nothing before. */
  readonly compileMs: number;
  readonly dispatches: number;
  /** Runs in one sample, and the samples themselves, milliseconds a run. */
  readonly runsPerSample: number;
  readonly samplesMs: readonly number[];
  readonly submitsPerRun: number;
  readonly uploadsPerRun: number;
  /** Times by kernel, for training steps where there are timestamps. */
  readonly profile?: readonly ProfileRow[];
}

export interface CaseResult extends Measured {
  /** The larger of the shares of the two ceilings, 0 ... 1. */
  readonly share: number;
}

export const withShare = (measured: Measured, { gflops, gbps }: Roofline): CaseResult => ({
  ...measured,
  share: Math.max(measured.gflops / gflops, measured.gbps / gbps),
});

export interface BenchReport {
  readonly schemaVersion: 1;
  readonly date: string;
  readonly adapter: import('../src/engine').AdapterDescription;
  readonly browser: string;
  readonly versions: Readonly<Record<string, string>>;
  readonly method: string;
  readonly roofline: Roofline;
  readonly cases: readonly CaseResult[];
}
