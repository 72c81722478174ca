// Where a page computes, in words for its visitor: what was found, and, where it is not a GPU, why not and what would help.

import { AdapterError, Device, type Executor, openExecutor } from '../../engine';
import { openAdapter } from '../../engine/device/adapter';
import type { Prefer } from './protocol';

export interface Opened {
  readonly executor: Executor;
  /** What computes; the name that records carry. */
  readonly adapter: string;
  /** One line for the page's banner. */
  readonly says: string;
  /** What is missing and how to get it; null where nothing is. */
  readonly why: string | null;
}

const SAYS = {
  gpu: 'WebGPU on the graphics processor',
  software: 'WebGPU, computed on the CPU: correct, and slow',
  cpu: 'WebAssembly on the CPU',
  reference: 'plain TypeScript on the CPU: the same bits, some fifty times slower',
} as const;

/** How a visitor of this platform gets WebGPU. */
export function fixFor(reason: AdapterError['reason'], agent: string): string {
  if (reason === 'insecure-origin') return 'Open the page by https or from 127.0.0.1: elsewhere browsers hide WebGPU.';
  if (reason === 'no-api') {
    if (/Firefox/.test(agent))
      return 'Firefox has WebGPU from 141 on Windows and 145 on macOS; on Linux take Chrome 144 or newer.';
    if (/Chrome|Edg/.test(agent)) return 'Chrome and Edge have WebGPU from 113, on Linux from 144: update the browser.';
    if (/Safari/.test(agent)) return 'Safari has WebGPU from 26 on: update the system.';
    return 'Take Chrome or Edge 113, Safari 26 or Firefox 141, or newer.';
  }
  if (/Linux/.test(agent) && !/Android/.test(agent))
    return 'The browser found no graphics processor. On Linux see chrome://gpu; with a driver for Vulkan, start Chrome with --enable-unsafe-webgpu --enable-features=Vulkan.';
  return 'The browser found no graphics processor that it trusts: switch on hardware acceleration in its settings, and update the driver.';
}

/** Opens what is preferred, or the next best, and says which it is. Throws what `openExecutor` throws. */
export async function openWhere(prefer: Prefer): Promise<Opened> {
  const executor = await openExecutor({ prefer: prefer === 'auto' ? 'gpu' : prefer });
  const { kind } = executor;
  if (executor instanceof Device) {
    const { vendor, architecture, description } = executor.adapter;
    const name = `${vendor} ${architecture} ${description}`.trim();
    return { executor, adapter: name, says: `${SAYS[kind]} (${name})`, why: null };
  }
  return { executor, adapter: kind, says: SAYS[kind], why: await whyNot(prefer, kind) };
}

/** What is missing for what was asked for; null where nothing is. */
async function whyNot(prefer: Prefer, kind: Executor['kind']): Promise<string | null> {
  if (kind === 'reference' && prefer !== 'reference')
    return 'WebAssembly with vectors is missing, or the page’s Content-Security-Policy forbids it: allow wasm-unsafe-eval in script-src.';
  if (prefer === 'cpu' || prefer === 'reference') return null;
  try {
    // There is one, and it is software: no more than the CPU has.
    await openAdapter();
    return fixFor('no-adapter', navigator.userAgent);
  } catch (error) {
    if (error instanceof AdapterError) return fixFor(error.reason, navigator.userAgent);
    throw error;
  }
}
