// A compiled graph on the GPU: buffers planned, kernels chosen, bind groups built, uniforms uploaded once. A run only
// encodes dispatches, many steps to a submit; nothing is allocated, uploaded or read back per step.

import { labelOf } from '../../shaders/kernel';
import { DeviceLostError, DisposedError } from '../errors';
import { checkSteps, outputNamed } from '../graph/checks';
import type { Dispatch, Plan, Slot } from '../graph/dispatch';
import type { Program, RunOptions } from '../graph/executor';
import { plansOf } from '../graph/footprint';
import { planMemory } from '../graph/memory';
import { type Graph, rootOf, schedule } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import type { Dtype, Operation, Tensor } from '../graph/tensor';
import type { Update } from '../graph/update';
import type { Connection, Device } from './device';
import { type ProfileEntry, profileCommands } from './profile';
import { type Command, Replay } from './replay';
import { Reservation } from './reservation';

/** Where a tensor's values are. */
interface Range {
  readonly buffer: GPUBuffer;
  readonly offset: number;
  readonly size: number;
}

/** A dispatch with its slots resolved to memory. */
interface Resolved {
  readonly owner: Tensor | Update;
  readonly op: string;
  readonly dispatch: Dispatch;
  readonly ranges: readonly Range[];
}

/** Uniforms are bound at multiples of this many bytes. */
const UNIFORM_SLOT = 256;

export async function compileProgram<Name extends string>(
  device: Device,
  graph: Graph<Name>,
): Promise<GpuProgram<Name>> {
  const work = schedule(graph);
  const plans = plansOf(work, device.tuning);
  const memory = planMemory(work, plans);
  const name = `program ${Object.keys(graph.outputs).join(', ') || 'of updates'}`;
  const { connection } = device;
  const reservation = await Reservation.take(connection, name, memory.buffers, work.leaves);
  const owned = reservation.buffers;

  const rangeOf = (tensor: Tensor): Range => {
    const { root, offset } = rootOf(tensor);
    const place = memory.places.get(root);
    const size = paddedBytes(tensor);
    if (place === undefined) return { buffer: connection.leaves.bufferOf(root), offset: 4 * offset, size };
    return { buffer: owned[place.buffer], offset: place.offset + 4 * offset, size };
  };
  const resolve = (owner: Tensor | Update, { dispatches }: Plan): Resolved[] =>
    dispatches.map((dispatch) => ({
      owner,
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
    const inPlace = memory.inPlace.get(owner as Tensor);
    return resolve(owner, plan).filter((_, i) => inPlace === undefined || !inPlace.has(i));
  });

  const uniforms = uploadUniforms(connection.gpu, resolved);
  try {
    const commands = await Promise.all(
      resolved.map((each, i) => prepare(connection, each, uniforms, i * UNIFORM_SLOT)),
    );
    const isOnce = ({ owner }: Resolved) => work.once.has(owner as Tensor);
    await new Replay(
      connection.gpu,
      commands.filter((_, i) => isOnce(resolved[i])),
    ).run(1, {});
    device.check();
    const each = commands.filter((_, i) => !isOnce(resolved[i]));
    return new GpuProgram(device, graph, each, reservation, uniforms, rangeOf);
  } catch (error) {
    reservation.release();
    uniforms.destroy();
    throw error;
  }
}

async function prepare(
  { gpu, pipelines }: Connection,
  { op, dispatch, ranges }: Resolved,
  uniforms: GPUBuffer,
  offset: number,
): Promise<Command> {
  const { kernel, flavour, sizes, workgroups } = dispatch;
  const { pipeline, layout } = await pipelines.get(dispatch);
  const entries: GPUBindGroupEntry[] = ranges.map((resource, slot) => ({ binding: slot + 1, resource }));
  if (sizes.length > 0) entries.push({ binding: 0, resource: { buffer: uniforms, offset, size: UNIFORM_SLOT } });
  return {
    op,
    kernel: labelOf(kernel, flavour),
    pipeline,
    bindGroup: gpu.createBindGroup({ layout, entries }),
    workgroups,
  };
}

/** Buffers are padded, so a kernel may read and write whole vec4s at the end of any tensor. */
const paddedBytes = (tensor: Tensor): number => Math.ceil(sizeOf(tensor.shape) / 4) * 16;

/** The operation behind a tensor, or the update itself: both have a name. */
const workOf = (owner: Tensor | Update): Operation | Update | undefined => {
  if (!('source' in owner)) return owner;
  return owner.source.kind === 'operation' ? owner.source.operation : undefined;
};

const nameOf = (owner: Tensor | Update): string => workOf(owner)?.name ?? '';

function uploadUniforms(gpu: GPUDevice, resolved: readonly Resolved[]): GPUBuffer {
  const data = new Uint32Array((Math.max(1, resolved.length) * UNIFORM_SLOT) / 4);
  for (const [i, { dispatch }] of resolved.entries()) data.set(dispatch.sizes, (i * UNIFORM_SLOT) / 4);
  const buffer = gpu.createBuffer({ size: data.byteLength, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
  gpu.queue.writeBuffer(buffer, 0, data);
  return buffer;
}

export class GpuProgram<Name extends string> implements Program<Name> {
  private disposed = false;
  private readonly replay: Replay;
  private readonly connection: Connection;

  constructor(
    private readonly device: Device,
    private readonly graph: Graph<Name>,
    private readonly commands: readonly Command[],
    private readonly reservation: Reservation,
    private readonly uniforms: GPUBuffer,
    private readonly rangeOf: (tensor: Tensor) => Range,
  ) {
    this.connection = device.connection;
    this.replay = new Replay(device.gpu, commands);
  }

  async run(steps = 1, options: RunOptions = {}): Promise<void> {
    this.check();
    checkSteps(steps);
    await this.replay.run(steps, options);
    this.check();
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

  /** Submits made so far, over all runs. */
  get submits(): number {
    return this.replay.submits;
  }

  /**
   * Runs one step and says where its time went; the entries also appear as measures in the browser's performance tools.
   * Throws AdapterError where the adapter has no timestamps.
   */
  profile(): Promise<ProfileEntry[]> {
    this.check();
    return profileCommands(this.connection.gpu, this.connection.readback, this.commands);
  }

  dispose(): void {
    if (this.disposed) return;
    this.disposed = true;
    this.reservation.release();
    this.uniforms.destroy();
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  private async bytes(name: Name, dtype: Dtype): Promise<ArrayBuffer> {
    this.check();
    const tensor = outputNamed(this.graph, name, dtype);
    const { buffer, offset } = this.rangeOf(tensor);
    const bytes = await this.connection.readback.read(buffer, offset, 4 * sizeOf(tensor.shape));
    this.check();
    return bytes;
  }

  private check(): void {
    if (this.disposed) throw new DisposedError('this program');
    this.device.check();
    if (this.device.connection !== this.connection) {
      throw new DeviceLostError('This program was compiled for a GPU that was lost: compile it again.');
    }
  }
}
