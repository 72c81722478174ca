// A compiled graph on the GPU: buffers planned, kernels chosen, bind groups built, uniforms uploaded once. A run only
// encodes dispatches, many steps to a submit; nothing is allocated, uploaded or read back per step.

import { DisposedError } from '../errors';
import type { Dispatch, Plan, Slot } from '../graph/dispatch';
import type { Program } from '../graph/executor';
import { planMemory } from '../graph/memory';
import { type Graph, rootOf, schedule } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import type { Operation, Tensor } from '../graph/tensor';
import type { Update } from '../graph/update';
import type { Device } from './device';
import { type ProfileEntry, profileCommands } from './profile';

/** Where a tensor's values are. */
interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** One dispatch, ready to encode. */
export interface Command {
  readonly op: string;
  readonly kernel: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

/** A dispatch with its slots resolved to memory. */
interface Resolved {
  readonly op: string;
  readonly dispatch: Dispatch;
  readonly ranges: readonly Range[];
}

/** Uniforms are bound at multiples of this many bytes. */
const UNIFORM_SLOT = 256;
/** About this many dispatches go into one submit: enough to hide its cost, few enough to keep a page responsive. */
const DISPATCHES_PER_SUBMIT = 1000;
const SUBMITS_AHEAD = 2;

export async function compileProgram<Name extends string>(
  device: Device,
  graph: Graph<Name>,
): Promise<GpuProgram<Name>> {
  const work = schedule(graph);
  const plans = new Map<Tensor | Update, Plan>();
  for (const tensor of work.operations) {
    if (tensor.source.kind === 'operation') plans.set(tensor, tensor.source.operation.kernels(tensor.inputs, tensor));
  }
  for (const update of work.updates) plans.set(update, update.kernels(update.inputs));
  const memory = planMemory(work, plans);
  const owned = memory.buffers.map((bytes) => device.pool.acquire(bytes));

  const rangeOf = (tensor: Tensor): Range => {
    const { root, offset } = rootOf(tensor);
    const place = memory.places.get(root);
    const size = paddedBytes(tensor);
    if (place === undefined) return { buffer: device.storage(root), offset: 4 * offset, size };
    return { buffer: owned[place.buffer], offset: place.offset + 4 * offset, size };
  };
  const resolve = (owner: Tensor | Update, { dispatches }: Plan): Resolved[] =>
    dispatches.map((dispatch) => ({
      op: nameOf(owner),
      dispatch,
      ranges: dispatch.slots.map((slot: Slot): Range => {
        if (slot === 'output') return rangeOf(owner as Tensor);
        if ('input' in slot) return rangeOf(owner.inputs[slot.input]);
        const buffer = owned[memory.scratch.get(owner)?.[slot.scratch] ?? -1];
        return { buffer, offset: 0, size: buffer.size };
      }),
    }));
  const resolved = [...plans].flatMap(([owner, plan]) => {
    const list = resolve(owner, plan);
    return isPacked(owner) ? list.filter((_, i) => !liesInside(owner.inputs[i], owner, rangeOf)) : list;
  });

  const uniforms = uploadUniforms(device, resolved);
  const commands = await Promise.all(
    resolved.map(async ({ op, dispatch, ranges }, i): Promise<Command> => {
      const { pipeline, layout } = await device.pipelines.get(dispatch.kernel, dispatch.constants);
      const entries: GPUBindGroupEntry[] = ranges.map((resource, slot) => ({ binding: slot + 1, resource }));
      if (dispatch.sizes.length > 0) {
        entries.push({ binding: 0, resource: { buffer: uniforms, offset: i * UNIFORM_SLOT, size: UNIFORM_SLOT } });
      }
      const bindGroup = device.gpu.createBindGroup({ layout, entries });
      return { op, kernel: dispatch.kernel, pipeline, bindGroup, workgroups: dispatch.workgroups };
    }),
  );
  device.check();
  return new GpuProgram(device, graph, commands, owned, uniforms, rangeOf);
}

/** Buffers are padded, so a kernel may read and write whole vec4s at the end of any tensor. */
const paddedBytes = (tensor: Tensor): number => Math.ceil(sizeOf(tensor.shape) / 4) * 16;

/** The operation behind a tensor, or the update itself: both have a name. */
const workOf = (owner: Tensor | Update): Operation | Update | undefined => {
  if (!('source' in owner)) return owner;
  return owner.source.kind === 'operation' ? owner.source.operation : undefined;
};

const nameOf = (owner: Tensor | Update): string => workOf(owner)?.name ?? '';

const isPacked = (owner: Tensor | Update): owner is Tensor => {
  const work = workOf(owner);
  return work !== undefined && 'placement' in work && work.placement !== undefined;
};

function liesInside(part: Tensor, whole: Tensor, rangeOf: (tensor: Tensor) => Range): boolean {
  return rangeOf(part).buffer === rangeOf(whole).buffer;
}

function uploadUniforms(device: Device, resolved: readonly Resolved[]): GPUBuffer {
  const data = new Uint32Array((Math.max(1, resolved.length) * UNIFORM_SLOT) / 4);
  for (const [i, { dispatch }] of resolved.entries()) data.set(dispatch.sizes, (i * UNIFORM_SLOT) / 4);
  const buffer = device.gpu.createBuffer({
    size: data.byteLength,
    usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
  });
  device.gpu.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

export class GpuProgram<Name extends string> implements Program<Name> {
  private disposed = false;

  constructor(
    private readonly device: Device,
    private readonly graph: Graph<Name>,
    private readonly commands: readonly Command[],
    private readonly owned: readonly GPUBuffer[],
    private readonly uniforms: GPUBuffer,
    private readonly rangeOf: (tensor: Tensor) => Range,
  ) {}

  async run(steps = 1): Promise<void> {
    this.check();
    const { queue } = this.device.gpu;
    const stepsPerSubmit = Math.max(1, Math.floor(DISPATCHES_PER_SUBMIT / Math.max(1, this.commands.length)));
    const ahead: Promise<undefined>[] = [];
    for (let done = 0; done < steps; done += stepsPerSubmit) {
      this.submit(Math.min(stepsPerSubmit, steps - done));
      ahead.push(queue.onSubmittedWorkDone());
      if (ahead.length > SUBMITS_AHEAD) await ahead.shift();
    }
    await Promise.all(ahead);
    this.device.check();
  }

  async read(name: Name): Promise<Float32Array> {
    return new Float32Array(await this.bytes(name, 'f32'));
  }

  async readIntegers(name: Name): Promise<Uint32Array> {
    return new Uint32Array(await this.bytes(name, 'u32'));
  }

  /** Dispatches of one step. */
  get dispatches(): number {
    return this.commands.length;
  }

  /** Runs one step and says where its time went. Throws AdapterError where the adapter has no timestamps. */
  profile(): Promise<ProfileEntry[]> {
    this.check();
    return profileCommands(this.device.gpu, this.device.readback, this.commands);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    for (const buffer of this.owned) this.device.pool.release(buffer);
    this.uniforms.destroy();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private submit(steps: number): void {
    const encoder = this.device.gpu.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let step = 0; step < steps; step++) {
      for (const { pipeline, bindGroup, workgroups } of this.commands) {
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...workgroups);
      }
    }
    pass.end();
    this.device.gpu.queue.submit([encoder.finish()]);
  }

  private async bytes(name: Name, dtype: string): Promise<ArrayBuffer> {
    this.check();
    const tensor: Tensor = this.graph.outputs[name];
    if (tensor.dtype !== dtype) throw new TypeError(`output ${name} is ${tensor.dtype}, not ${dtype}`);
    const { buffer, offset } = this.rangeOf(tensor);
    const bytes = await this.device.readback.read(buffer, offset, 4 * sizeOf(tensor.shape));
    this.device.check();
    return bytes;
  }

  private check(): void {
    if (this.disposed) throw new DisposedError('this program');
    this.device.check();
  }
}
