// The ways to run a graph share one face, so that a test, a page or a study does not care which it holds.

import type { DataLike } from './data';
import type { Graph } from './schedule';
import type { Dtype, Tensor } from './tensor';

/** How a program runs: what stops it, and who is told. */
export interface RunOptions {
  /** Ends the run at the boundary of a step, or before its turn has come; `run` then throws the signal's reason. */
  readonly signal?: AbortSignal;
  /** Called with the share of the work that is done, 0 ... 1, as it is done. */
  readonly onProgress?: (share: number) => void;
}

/** A graph made ready to run. Disposable: it owns memory. */
export interface Program<Name extends string = string> extends Disposable {
  /**
   * Runs the graph `steps` times; resolves when the last step's results can be read. Throws InputError unless `steps` is a
   * whole number.
   */
  run(steps?: number, options?: RunOptions): Promise<void>;
  /** The values an f32 output had after the last step. Throws InputError for an output that is not there, or is u32. */
  read(name: Name): Promise<Float32Array<ArrayBuffer>>;
  /** The values a u32 output had after the last step. Throws InputError as `read`. */
  readIntegers(name: Name): Promise<Uint32Array<ArrayBuffer>>;
  /** Gives back what the program owns; safe at any moment, and twice. */
  dispose(): void;
}

/** What `evaluate` gives for every output: f32 values, or u32 where the output is. */
export type Evaluated<Name extends string> = Record<Name, Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>>;

/**
 * Where an executor computes: on a GPU, on a WebGPU adapter that is software, in WebAssembly on this processor, or in TypeScript.
 */
export type ExecutorKind = 'gpu' | 'software' | 'cpu' | 'reference';

/** Owns the values of variables, and compiles graphs over them. */
export interface Executor extends Disposable {
  readonly kind: ExecutorKind;
  /** The graph made ready to run, once or many times. Throws MemoryError where it does not fit, KernelError where a kernel does not compile. */
  compile<Name extends string>(graph: Graph<Name>): Promise<Program<Name>>;
  /** The values of `outputs`: compiles, runs once, reads. For a person at a keyboard; what runs again is compiled once. */
  evaluate<Name extends string>(outputs: Readonly<Record<Name, Tensor>>): Promise<Evaluated<Name>>;
  /**
   * Sets a variable, for what is submitted from now on: a run that is under way sees it from its next submit on. `data` must have
   * its size and type: numbers and Float64Array are rounded to f32. Throws ShapeError or InputError otherwise.
   */
  write(variable: Tensor, data: DataLike): void;
  /**
   * The values that an f32 variable, a constant or a view of one has when this is called. Throws InputError for a u32 tensor,
   * and for the result of an operation, which only a program or `evaluate` knows.
   */
  read(variable: Tensor): Promise<Float32Array<ArrayBuffer>>;
  /** The same for a u32 tensor. */
  readIntegers(variable: Tensor): Promise<Uint32Array<ArrayBuffer>>;
  /**
   * Gives back the memory of variables; one that is used again starts at 0. Throws BusyError, and frees nothing, while a
   * program that is not disposed uses one of them.
   */
  free(variables: readonly Tensor[]): void;
  /** Begins anew after a DeviceLostError, where that can happen: see `Device.recover`. */
  recover?(): Promise<void>;
  /** Releases everything: it and its programs throw a DisposedError from then on. Safe at any moment, and twice. */
  dispose(): void;
}

/** What `from` has by a name or of a tensor, read as the type it is of. */
export const readAs = <What>(
  from: {
    read(what: What): Promise<Float32Array<ArrayBuffer>>;
    readIntegers(what: What): Promise<Uint32Array<ArrayBuffer>>;
  },
  what: What,
  dtype: Dtype,
): Promise<Float32Array<ArrayBuffer> | Uint32Array<ArrayBuffer>> =>
  dtype === 'u32' ? from.readIntegers(what) : from.read(what);

/**
 * What `work` makes of a program of `graph`, which is disposed of when the work has ended, well or not: what `using` does, for
 * where that is not at hand. Throws what compiling or the work throws.
 */
export async function withProgram<Name extends string, T>(
  executor: Pick<Executor, 'compile'>,
  graph: Graph<Name>,
  work: (program: Program<Name>) => Promise<T>,
): Promise<T> {
  const program = await executor.compile(graph);
  try {
    return await work(program);
  } finally {
    program.dispose();
  }
}
