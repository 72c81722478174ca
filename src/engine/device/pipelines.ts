// The pipeline cache. The key is computed from what the caller gives (kernel, constants), and a pipeline in the making is
// shared, so a kernel compiles once per device. Compiler messages come back with the numbered source line.

import { type KernelName, kernelParts, kernelSource, locate, type SourcePart } from '../../shaders';
import { KernelError } from '../errors';

export interface Pipeline {
  readonly pipeline: GPUComputePipeline;
  readonly layout: GPUBindGroupLayout;
}

export class PipelineCache {
  private readonly pipelines = new Map<string, Promise<Pipeline>>();
  private readonly modules = new Map<KernelName, GPUShaderModule>();

  constructor(private readonly device: GPUDevice) {}

  get(kernel: KernelName, constants: Readonly<Record<string, number>> = {}): Promise<Pipeline> {
    const key = JSON.stringify([kernel, Object.entries(constants).sort()]);
    const known = this.pipelines.get(key);
    if (known !== undefined) return known;
    const made = this.create(kernel, constants);
    this.pipelines.set(key, made);
    return made;
  }

  private async create(kernel: KernelName, constants: Readonly<Record<string, number>>): Promise<Pipeline> {
    const code = kernelSource(kernel);
    let module = this.modules.get(kernel);
    if (module === undefined) {
      module = this.device.createShaderModule({ label: kernel, code });
      this.modules.set(kernel, module);
    }
    const layout = this.device.createBindGroupLayout({ label: kernel, entries: bindingsOf(code) });
    try {
      const pipeline = await this.device.createComputePipelineAsync({
        label: kernel,
        layout: this.device.createPipelineLayout({ bindGroupLayouts: [layout] }),
        compute: { module, entryPoint: 'main', constants },
      });
      return { pipeline, layout };
    } catch (cause) {
      const { messages } = await module.getCompilationInfo();
      throw new KernelError(compileMessage(kernel, kernelParts(kernel), messages, cause), { cause });
    }
  }
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
    'storage, read': 'read-only-storage',
    'storage, read_write': 'storage',
  };
  return [...code.matchAll(/@group\(0\) @binding\((\d+)\) var<([^>]+)>/g)].map(([, binding, kind]) => ({
    binding: Number(binding),
    visibility: 4, // GPUShaderStage.COMPUTE, which does not exist outside a browser
    buffer: { type: kinds[kind] },
  }));
}
