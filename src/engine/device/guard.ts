// Commands to the GPU between error scopes: what it refuses becomes a typed error of the call that asked, and nobody else's (the
// hygiene is luma.gl's). Scopes are pushed and popped in one synchronous turn, so they never enclose what others do.

import { KernelError, MemoryError, type UnweaveError } from '../errors';

export interface Guarded<T> {
  readonly value: T;
  /** Resolves when the GPU has accepted the commands; rejects with a KernelError, or a MemoryError, that says what it was. */
  readonly accepted: Promise<void>;
}

/** Gives synchronous `commands`, described by `what`; what they throw themselves is thrown at once. */
export function guarded<T>(gpu: GPUDevice, what: string, commands: () => T): Guarded<T> {
  gpu.pushErrorScope('internal');
  gpu.pushErrorScope('out-of-memory');
  gpu.pushErrorScope('validation');
  let answers: Promise<(GPUError | null)[]> | undefined;
  try {
    const value = commands();
    answers = popAll(gpu);
    const accepted = answers.then((errors) => {
      // Where there is no memory, what uses the buffer that is not there is refused, too: the cause is what to tell.
      const refused =
        errors.find((error) => error instanceof GPUOutOfMemoryError) ?? errors.find((error) => error !== null);
      if (refused !== undefined && refused !== null) throw errorOf(what, refused);
    });
    // Not everybody waits for the answer, and a rejection that nobody hears ends a Node process.
    accepted.catch(() => undefined);
    return { value, accepted };
  } finally {
    answers ?? popAll(gpu);
  }
}

/** The answers of the three scopes; none where the GPU has gone, which is told elsewhere. */
function popAll(gpu: GPUDevice): Promise<(GPUError | null)[]> {
  return Promise.all([0, 1, 2].map(() => gpu.popErrorScope().catch(() => null)));
}

function errorOf(what: string, error: GPUError): UnweaveError {
  if (error instanceof GPUOutOfMemoryError)
    return new MemoryError(`The GPU has no memory for ${what}: ${error.message}`);
  return new KernelError(`The GPU refused ${what}: ${error.message}`);
}
