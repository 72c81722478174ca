// Opening an adapter and a device. `navigator.gpu` proves nothing: only a request tells whether there is an adapter, and
// on some systems the request never returns, so it has a timeout. An adapter gives one device and is spent.

import { AdapterError } from '../errors';

/** What an adapter says of itself, and whether it computes on the CPU. */
export interface AdapterDescription {
  readonly vendor: string;
  readonly architecture: string;
  readonly description: string;
  /** A software adapter: correct, slow. */
  readonly software: boolean;
  readonly features: readonly string[];
  readonly limits: Readonly<Record<string, number>>;
}

const ADAPTER_TIMEOUT_MS = 10_000;

/** What data need more of than WebGPU promises everywhere. */
const LIMITS = ['maxBufferSize', 'maxStorageBufferBindingSize'] as const;

export async function openAdapter(): Promise<GPUAdapter> {
  const gpu = globalThis.navigator?.gpu;
  if (gpu === undefined) {
    if (globalThis.isSecureContext === false)
      throw new AdapterError(
        'WebGPU is only there for pages from https or 127.0.0.1, and this page is from neither.',
        'insecure-origin',
      );
    throw new AdapterError(
      'WebGPU is not available here. Use a browser that has it: Chrome or Edge 113+, Safari 26+, Firefox 141+.',
      'no-api',
    );
  }
  let timer: ReturnType<typeof setTimeout> | undefined;
  const timeout = new Promise<'timeout'>((resolve) => {
    timer = setTimeout(() => resolve('timeout'), ADAPTER_TIMEOUT_MS);
  });
  const answer = await Promise.race([gpu.requestAdapter({ powerPreference: 'high-performance' }), timeout]);
  clearTimeout(timer);
  if (answer === 'timeout') {
    throw new AdapterError(
      `The browser did not answer the request for an adapter within ${ADAPTER_TIMEOUT_MS / 1000} s.`,
      'timeout',
    );
  }
  if (answer === null) {
    throw new AdapterError(
      'The browser has WebGPU but found no adapter. Without a GPU, start it with --enable-unsafe-webgpu --use-webgpu-adapter=swiftshader.',
      'no-adapter',
    );
  }
  return answer;
}

export async function openDevice(adapter: GPUAdapter): Promise<GPUDevice> {
  const requiredLimits = Object.fromEntries(LIMITS.map((name) => [name, adapter.limits[name]]));
  const requiredFeatures = (['timestamp-query', 'subgroups'] as GPUFeatureName[]).filter((name) =>
    adapter.features.has(name),
  );
  return adapter.requestDevice({ requiredLimits, requiredFeatures });
}

export function describeAdapter(adapter: Pick<GPUAdapter, 'info' | 'features' | 'limits'>): AdapterDescription {
  const { vendor, architecture, description } = adapter.info;
  const limits: Record<string, number> = {};
  for (const name in adapter.limits) {
    const value = adapter.limits[name as keyof GPUSupportedLimits];
    if (typeof value === 'number') limits[name] = value;
  }
  return {
    vendor,
    architecture,
    description,
    software: adapter.info.isFallbackAdapter ?? architecture === 'swiftshader',
    features: [...adapter.features].sort(),
    limits,
  };
}
