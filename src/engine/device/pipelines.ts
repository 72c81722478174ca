// The pipeline cache. The key is computed from what the caller gives (kernel, constants), and a pipeline in the making is
// shared, so a kernel compiles once per device. Compiler messages come back with the numbered source line.

import {
  type Flavour,
  type Kernel,
  kernelParts,
  kernelSource,
  labelOf,
  locate,
  type SourcePart,
} from '../../shaders/kernel';
import { KernelError } from '../errors';
import { guarded } from './guard';

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

/** Which pipeline is wanted: a kernel is known by itself, not by its name, which another may have, too. */
export interface PipelineKey {
  readonly kernel: Kernel;
  readonly flavour?: Flavour;
  readonly constants?: Readonly<Record<string, number>>;
}

export class PipelineCache {
  // By the kernel itself, which may be made anew in every plan: what nobody holds any more goes.
  private readonly pipelines = new WeakMap<Kernel, Map<string, Promise<Pipeline>>>();
  private readonly modules = new WeakMap<Kernel, Map<Flavour | undefined, GPUShaderModule>>();

  constructor(private readonly gpu: GPUDevice) {}

  get(wanted: PipelineKey): Promise<Pipeline> {
    const { kernel, flavour, constants = {} } = wanted;
    const key = JSON.stringify([flavour, Object.entries(constants).sort()]);
    const ofKernel = known(this.pipelines, kernel, () => new Map<string, Promise<Pipeline>>());
    return known(ofKernel, key, () => {
      const made = this.create(wanted);
      // What failed may have failed for want of memory: the next who asks tries again.
      made.catch(() => {
        ofKernel.delete(key);
        this.modules.delete(kernel);
      });
      return made;
    });
  }

  private async create({ kernel, flavour, constants }: PipelineKey): Promise<Pipeline> {
    const code = kernelSource(kernel, flavour);
    const label = labelOf(kernel, flavour);
    const flavours = known(this.modules, kernel, () => new Map<Flavour | undefined, GPUShaderModule>());
    // What a scope catches here is said again, with its lines, by the pipeline that cannot be made.
    const { value } = guarded(this.gpu, `kernel ${label}`, () => ({
      module: known(flavours, flavour, () => this.gpu.createShaderModule({ label, code })),
      layout: this.gpu.createBindGroupLayout({ label, entries: bindingsOf(code) }),
    }));
    const { module, layout } = value;
    try {
      const made = guarded(this.gpu, `a pipeline of kernel ${label}`, () =>
        this.gpu.createComputePipelineAsync({
          label,
          layout: this.gpu.createPipelineLayout({ label, bindGroupLayouts: [layout] }),
          compute: { module, entryPoint: 'main', constants },
        }),
      );
      return { pipeline: await made.value, layout };
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      throw new KernelError(compileMessage(label, kernelParts(kernel, flavour), messages, cause), { cause });
    }
  }
}

/** The value of a key, made when it is asked for first. */
function known<K, V>(map: { get(key: K): V | undefined; set(key: K, value: V): unknown }, key: K, make: () => V): V {
  const found = map.get(key);
  if (found !== undefined) return found;
  const made = make();
  map.set(key, made);
  return made;
}

/** What the compiler said: file, line and the offending text of each message. */
export function compileMessage(
  kernel: string,
  parts: readonly SourcePart[],
  messages: Iterable<Pick<GPUCompilationMessage, 'lineNum' | 'linePos' | 'message'>>,
  cause: unknown,
): string {
  const details = Array.from(messages, ({ lineNum, linePos, message }) => {
    if (lineNum < 1) return `  ${message}`;
    const { file, line, text } = locate(parts, lineNum);
    return `  ${file}:${line}:${linePos}: ${message}\n    ${text.trim()}`;
  });
  const reasons = details.length > 0 ? details : [`  ${String(cause)}`];
  return [`kernel ${kernel} did not compile:`, ...reasons].join('\n');
}

/** The bind group layout, read off the declarations in the source, so that it is written in one place only. */
export function bindingsOf(code: string): GPUBindGroupLayoutEntry[] {
  const kinds: Record<string, GPUBufferBindingType> = {
    uniform: 'uniform',
    storage: 'read-only-storage',
    'storage,read': 'read-only-storage',
    'storage,read_write': 'storage',
  };
  return [...code.matchAll(/@group\(0\)\s*@binding\((\d+)\)\s*var<([^>]+)>/g)].map(([, binding, kind]) => ({
    binding: Number(binding),
    visibility: 4, // GPUShaderStage.COMPUTE, which does not exist outside a browser
    buffer: { type: kinds[kind.replace(/\s/g, '')] },
  }));
}
