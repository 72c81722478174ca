// The two ways to run a graph share one face, so that a test, a page or a study does not care which it holds.

import type { Graph } from './schedule';
import type { Data, Tensor } from './tensor';

/** A graph made ready to run. Disposable: it owns memory. */
export interface Program<Name extends string = string> extends Disposable {
  /** Runs the graph `steps` times; resolves when the last step's results can be read. */
  run(steps?: number): Promise<void>;
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
  read(variable: Tensor): Promise<Float32Array>;
  dispose(): void;
}
