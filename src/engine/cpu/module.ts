// The kernels' WebAssembly module, ready to call. A page may forbid WebAssembly, and an old browser may lack its vectors: each is an
// error of its own, so that a caller can go on with the reference.

import { WebAssemblyError } from '../errors';
import compressed from './kernels.wasm';

export type KernelFunction = (...values: number[]) => void;

export interface Kernels {
  readonly memory: WebAssembly.Memory;
  /** Where the memory begins that kernels do not use themselves. */
  readonly heap: number;
  /** By the name of the kernel. */
  readonly functions: Readonly<Record<string, KernelFunction | undefined>>;
}

/** The most that 32 bits address, in pages of 64 KiB. */
const MAXIMUM = 65536;

/** Throws WebAssemblyError where the page or the browser does not let it compile. */
export async function openKernels(): Promise<Kernels> {
  const module = await compile();
  const memory = new WebAssembly.Memory({ initial: 16, maximum: MAXIMUM });
  const { exports } = await WebAssembly.instantiate(module, { env: { memory } });
  const heap = (exports.heap as WebAssembly.Global).value as number;
  return { memory, heap, functions: exports as Kernels['functions'] };
}

let compiled: Promise<WebAssembly.Module> | undefined;

/** Compiled once for all devices. */
function compile(): Promise<WebAssembly.Module> {
  if (typeof WebAssembly === 'undefined')
    throw new WebAssemblyError('This browser has no WebAssembly. Use another, or the reference executor.', 'no-api');
  compiled ??= compileOnce().catch((error: unknown) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}

async function compileOnce(): Promise<WebAssembly.Module> {
  const packed = Uint8Array.from(atob(compressed), (character) => character.charCodeAt(0));
  const unpacking = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip'));
  const bytes = await new Response(unpacking).arrayBuffer();
  if (!WebAssembly.validate(bytes))
    throw new WebAssemblyError(
      'This browser has no vectors (SIMD) in WebAssembly. Use a newer one, or the reference executor.',
      'no-simd',
    );
  try {
    return await WebAssembly.compile(bytes);
  } catch (cause) {
    throw new WebAssemblyError(
      `WebAssembly is forbidden here: ${cause instanceof Error ? cause.message : String(cause)}. A page with a Content-Security-Policy must allow script-src 'wasm-unsafe-eval'; the reference executor needs no such permission.`,
      'forbidden',
      { cause },
    );
  }
}
