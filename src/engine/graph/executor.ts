// The two ways to run a graph share one face, so that a test, a page or a study does not care which it holds.

import type { Graph } from './schedule';
import type { Data, Tensor } from './tensor';

export interface RunOptions {
  /** Stops between two submits, at most about 0.1 s later; `run` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the share of the work that is done, 0 ... 1, as it is done. */
  readonly onProgress?: (share: number) => void;
}

/** A graph made ready to run. Disposable: it owns memory. */
export interface Program<Name extends string = string> extends Disposable {
  /** Runs the graph `steps` times; resolves when the last step's results can be read. */
  run(steps?: number, options?: RunOptions): Promise<void>;
  /** The values an f32 output had after the last step. */
  read(name: Name): Promise<Float32Array>;
  /** The values a u32 output had after the last step. */
  readIntegers(name: Name): Promise<Uint32Array>;
  dispose(): void;
}

/** Owns the values of variables, and compiles graphs over them. */
export interface Executor extends Disposable {
  compile<Name extends string>(graph: Graph<Name>): Promise<Program<Name>>;
  /** Sets a variable; `data` must have its size and type. Throws ShapeError otherwise. */
  write(variable: Tensor, data: Data): void;
  /** The values of an f32 variable. */
  read(variable: Tensor): Promise<Float32Array>;
  /** The values of a u32 variable. */
  readIntegers(variable: Tensor): Promise<Uint32Array>;
  /** Gives back the memory of variables; one that is used again starts at 0. */
  free(variables: readonly Tensor[]): void;
  /** Begins anew after a DeviceLostError, where that can happen: see `Device.recover`. */
  recover?(): Promise<void>;
  dispose(): void;
}
