// From a graph to a program: memory planned, kernels chosen, bind groups built, uniforms uploaded once. What does not fit
// WebGPU's limits is refused here, by the name of its op, before the GPU sees it.

import { labelOf } from '../../shaders/kernel';
import { KernelError } from '../errors';
import { type Dispatch, MAX_SIZES, MAX_WORKGROUPS, type Slot } from '../graph/dispatch';
import { plansOf } from '../graph/footprint';
import { needed, planMemory } from '../graph/memory';
import { type Graph, schedule } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import { labelOfOp, rootOf, type Tensor } from '../graph/tensor';
import type { Connection } from './connection';
import { guarded } from './guard';
import type { Pipeline } from './pipelines';
import { GpuProgram, type Range } from './program';
import { type Command, Replay } from './replay';
import { Reservation } from './reservation';

/** A dispatch with its slots resolved to memory. */
interface Resolved {
  readonly owner: Tensor;
  readonly op: string;
  readonly dispatch: Dispatch;
  readonly ranges: readonly Range[];
}

/** Uniforms are bound at multiples of this many bytes. */
const UNIFORM_SLOT = 4 * MAX_SIZES;

export async function compileProgram<Name extends string>(
  connection: Connection,
  graph: Graph<Name>,
): Promise<GpuProgram<Name>> {
  const work = schedule(graph);
  const plans = plansOf(work, connection.tuning);
  for (const [owner, { dispatches }] of plans)
    for (const dispatch of dispatches) checkLimits(labelOfOp(owner), dispatch);
  const memory = planMemory(work, plans);
  const name = `program ${Object.keys(graph.outputs).join(', ') || 'of updates'}`;
  const reservation = await Reservation.take(connection, name, memory.buffers, work.leaves);
  const owned = reservation.buffers;

  const rangeOf = (tensor: Tensor): Range => {
    const { root, offset } = rootOf(tensor);
    const place = memory.places.get(root);
    // Buffers are padded, so a kernel may read and write whole vec4s at the end of any tensor.
    const size = Math.ceil(sizeOf(tensor.shape) / 4) * 16;
    if (place === undefined) return { buffer: connection.leaves.bufferOf(root), offset: 4 * offset, size };
    return { buffer: owned[place.buffer], offset: place.offset + 4 * offset, size };
  };
  const resolve = (owner: Tensor, dispatches: readonly Dispatch[]): Resolved[] =>
    dispatches.map((dispatch) => ({
      owner,
      op: labelOfOp(owner),
      dispatch,
      ranges: dispatch.slots.map((slot: Slot): Range => {
        if (slot === 'output') return rangeOf(changedBy(owner) ?? owner);
        if ('input' in slot) return rangeOf(owner.inputs[slot.input]);
        const buffer = owned[memory.scratch.get(owner)?.[slot.scratch] ?? -1];
        return { buffer, offset: 0, size: buffer.size };
      }),
    }));
  let uniforms: GPUBuffer | undefined;
  try {
    const resolved = [...plans].flatMap(([owner, plan]) => resolve(owner, needed(owner, plan.dispatches, memory)));
    const pipelines = await Promise.all(resolved.map(({ dispatch }) => connection.pipelines.get(dispatch)));
    connection.check();
    const made = guarded(connection.gpu, `what ${name} binds`, () => {
      const sizes = uploadUniforms(connection.gpu, name, resolved);
      uniforms = sizes;
      const commands = resolved.map((each, i) => prepare(connection, each, pipelines[i], sizes, i * UNIFORM_SLOT));
      return { sizes, commands };
    });
    await made.accepted;
    const { sizes, commands } = made.value;
    const isOnce = (i: number) => work.once.has(resolved[i].owner);
    const first = commands.filter((_, i) => isOnce(i));
    await new Replay(connection.gpu, `${name}, once`, first).run(1, {}, () => connection.check());
    connection.check();
    const each = commands.filter((_, i) => !isOnce(i));
    return new GpuProgram(connection, graph, name, work, each, reservation, sizes, rangeOf);
  } catch (error) {
    reservation.release();
    uniforms?.destroy();
    throw error;
  }
}

/** Throws KernelError, naming the op, where a dispatch is beyond what WebGPU promises everywhere. */
export function checkLimits(op: string, { kernel, flavour, sizes, workgroups }: Dispatch): void {
  const what = `${op}: kernel ${labelOf(kernel, flavour)}`;
  if (workgroups.some((n) => !Number.isInteger(n) || n < 1 || n > MAX_WORKGROUPS))
    throw new KernelError(
      `${what} is planned for ${workgroups.join(' x ')} workgroups; each must be a whole number from 1 to ${MAX_WORKGROUPS}. Its plan must cut the work into several dispatches.`,
    );
  if (sizes.length > MAX_SIZES)
    throw new KernelError(`${what} has ${sizes.length} words of sizes; a dispatch has room for ${MAX_SIZES}`);
}

function prepare(
  { gpu }: Connection,
  { op, dispatch, ranges }: Resolved,
  { pipeline, layout }: Pipeline,
  uniforms: GPUBuffer,
  offset: number,
): Command {
  const { kernel, flavour, sizes, workgroups } = dispatch;
  const label = labelOf(kernel, flavour);
  const entries: GPUBindGroupEntry[] = ranges.map((resource, slot) => ({ binding: slot + 1, resource }));
  if (sizes.length > 0) entries.push({ binding: 0, resource: { buffer: uniforms, offset, size: UNIFORM_SLOT } });
  const bindGroup = gpu.createBindGroup({ label: `${op}, kernel ${label}`, layout, entries });
  return { op, kernel: label, pipeline, bindGroup, workgroups };
}

/** The variable that an update's output is. */
const changedBy = (owner: Tensor): Tensor | undefined => {
  if (owner.source.kind !== 'operation') return undefined;
  const [first] = owner.source.operation.writes;
  return first === undefined ? undefined : owner.inputs[first];
};

function uploadUniforms(gpu: GPUDevice, label: string, resolved: readonly Resolved[]): GPUBuffer {
  const data = new Uint32Array((Math.max(1, resolved.length) * UNIFORM_SLOT) / 4);
  for (const [i, { dispatch }] of resolved.entries()) data.set(dispatch.sizes, (i * UNIFORM_SLOT) / 4);
  const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
  const buffer = gpu.createBuffer({ label: `sizes of ${label}`, size: data.byteLength, usage });
  gpu.queue.writeBuffer(buffer, 0, data);
  return buffer;
}
