// What can go wrong, one class a cause. Every message says what was wrong, where, and what to do; `code` is stable, so
// that a program can tell causes apart without reading the message.

/** What every error of this library is: its name says the kind, its message what was wrong, where, and what to do. */
export abstract class UnweaveError extends Error {
  // Written out in every class: a class's own name does not survive minifying.
  abstract override readonly name: string;
  abstract readonly code: string;
}

/** An operation was given operands whose shapes or types do not fit. Thrown while a graph is traced. */
export class ShapeError extends UnweaveError {
  override readonly name = 'ShapeError';
  readonly code = 'shape';
  constructor(op: string, problem: string, shapes: readonly (readonly number[])[]) {
    super(`${op}: ${problem}; got ${shapes.map((shape) => `[${shape.join(', ')}]`).join(' and ')}`);
  }
}

/** No WebGPU adapter: there is no GPU, no software adapter, or the browser was started without WebGPU. */
export class AdapterError extends UnweaveError {
  override readonly name = 'AdapterError';
  readonly code = 'adapter';
  constructor(
    message: string,
    /** Why: what a page may want to say in words of its own. */
    readonly reason: AdapterProblem,
  ) {
    super(message);
  }
}

/**
 * The browser has no WebGPU; has it only over https; has no adapter; does not answer; its adapter lacks a feature; or the
 * device is the page's own.
 */
export type AdapterProblem = 'no-api' | 'insecure-origin' | 'no-adapter' | 'timeout' | 'no-feature' | 'adopted';

/** WebAssembly, in which the CPU executor computes, cannot be used here. */
export class WebAssemblyError extends UnweaveError {
  override readonly name = 'WebAssemblyError';
  readonly code = 'web-assembly';
  constructor(
    message: string,
    /** The browser has none; its WebAssembly has no vectors; or the page's Content-Security-Policy forbids it. */
    readonly reason: 'no-api' | 'no-simd' | 'forbidden',
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** The GPU device went away. What it held is gone; open a new device and restore the last checkpoint. */
export class DeviceLostError extends UnweaveError {
  override readonly name = 'DeviceLostError';
  readonly code = 'device-lost';
}

/** A kernel did not compile, or the GPU refused a command. A bug in this library, or a limit of the adapter. */
export class KernelError extends UnweaveError {
  override readonly name = 'KernelError';
  readonly code = 'kernel';
}

/** The GPU has no memory left. */
export class MemoryError extends UnweaveError {
  override readonly name = 'MemoryError';
  readonly code = 'memory';
}

/** A value that must be a number is NaN or infinite. */
export class NonFiniteError extends UnweaveError {
  override readonly name = 'NonFiniteError';
  readonly code = 'non-finite';
  constructor(
    message: string,
    /** The replicas of the population in which it was seen, as far as that is known. */
    readonly replicas: readonly number[] = [],
    /** The step of training, and the measured terms in which it was seen; a gradient may overflow before any term does. */
    readonly at?: { readonly step: number; readonly terms: readonly string[] },
  ) {
    super(message);
  }
}

/** A gradient was asked of something that has none. */
export class GradientError extends UnweaveError {
  override readonly name = 'GradientError';
  readonly code = 'gradient';
}

/** A handle was used after it was disposed. */
export class DisposedError extends UnweaveError {
  override readonly name = 'DisposedError';
  readonly code = 'disposed';
  constructor(what: string) {
    super(`${what} was disposed and can no longer be used`);
  }
}

/** Something is still in use by something else, which must be disposed first. */
export class BusyError extends UnweaveError {
  override readonly name = 'BusyError';
  readonly code = 'busy';
}

/** Data from outside is not what it must be: the message names the file, row, column or argument. */
export class InputError extends UnweaveError {
  override readonly name = 'InputError';
  readonly code = 'input';
}
