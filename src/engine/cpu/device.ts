// The CPU executor: all values in one WebAssembly memory, placed by the planner that places a GPU's buffers; a step is a list of
// calls with their addresses resolved. An op without a kernel runs its reference on views of the same memory, so every program
// runs, and every bit is the reference's.

import { KernelError } from '../errors';
import type { CpuCall, CpuPlan } from '../graph/cpuPlan';
import type { Data } from '../graph/data';
import type { Slot } from '../graph/dispatch';
import { HostExecutor, type Prepared } from '../graph/hostExecutor';
import type { Ledger } from '../graph/ledger';
import { type MemoryPlan, needed, planMemory } from '../graph/memory';
import type { Graph, Schedule } from '../graph/schedule';
import { sizeOf } from '../graph/shape';
import { labelOfLeaf, labelOfOp, rootOf, type Tensor, type Values } from '../graph/tensor';
import { Heap } from './heap';
import { type Kernels, openKernels } from './module';

/** How a CpuDevice is opened. */
export interface CpuOptions {
  /** Bytes that all values together may take; beyond it a MemoryError says who holds what. 4 GiB, the most there can be, by default. */
  readonly memoryLimit?: number;
}

/** The memory of a variable or a constant. */
interface Leaf {
  readonly at: number;
  /** Programs that use it: a constant goes with the last. */
  users: number;
}

/** Runs graphs in WebAssembly over one memory, with the bits of the reference, on one thread. */
export class CpuDevice extends HostExecutor {
  readonly kind = 'cpu';
  private readonly leaves = new Map<Tensor, Leaf>();

  private constructor(
    private readonly kernels: Kernels,
    private heap: Heap,
  ) {
    super();
  }

  /** Throws WebAssemblyError where there is no WebAssembly with vectors, or the page forbids it. */
  static async open({ memoryLimit = Number.POSITIVE_INFINITY }: CpuOptions = {}): Promise<CpuDevice> {
    const kernels = await openKernels();
    return new CpuDevice(kernels, new Heap(kernels.memory, kernels.heap, memoryLimit));
  }

  /** What is allocated now, and by whom. */
  get ledger(): Ledger {
    return this.heap.ledger;
  }

  protected prepare(graph: Graph, work: Schedule): Prepared {
    const plans = new Map<Tensor, CpuPlan>();
    for (const tensor of [...work.operations, ...work.updates]) {
      const plan = tensor.source.kind === 'operation' ? tensor.source.operation.cpu(tensor.inputs, tensor) : undefined;
      if (plan !== undefined) plans.set(tensor, plan);
    }
    const plan = planMemory(work, plans);
    const held: number[] = [];
    const used: Tensor[] = [];
    const made: Tensor[] = [];
    const release = () => {
      for (const at of held) this.heap.give(at);
      for (const leaf of used) this.leave(leaf);
    };
    try {
      const starts = plan.buffers.map((bytes) => {
        const at = this.heap.take(bytes, `program ${Object.keys(graph.outputs).join(', ') || 'of updates'}`);
        held.push(at);
        return at;
      });
      for (const leaf of work.leaves) {
        if (!this.leaves.has(leaf)) made.push(leaf);
        this.leafOf(leaf).users++;
        used.push(leaf);
      }
      const addressOf = (tensor: Tensor): number => {
        const { root, offset } = rootOf(tensor);
        const place = plan.places.get(root);
        return (place === undefined ? this.leafOf(root).at : starts[place.buffer] + place.offset) + 4 * offset;
      };
      const callsOf = (tensors: readonly Tensor[]) =>
        tensors.flatMap((tensor) => this.callsOf(tensor, plans.get(tensor), plan, starts, addressOf));
      return {
        once: callsOf(work.operations.filter((each) => work.once.has(each))),
        calls: callsOf([...work.operations.filter((each) => !work.once.has(each)), ...work.updates]),
        valuesOf: (tensor) => this.view(tensor, addressOf(tensor)),
        release,
      };
    } catch (error) {
      release();
      for (const leaf of made) this.drop(leaf);
      throw error;
    }
  }

  protected valuesOf(variable: Tensor): Data {
    return this.view(variable, this.leafOf(variable).at);
  }

  protected drop(variable: Tensor): void {
    const leaf = this.leaves.get(variable);
    if (leaf !== undefined) this.heap.give(leaf.at);
    this.leaves.delete(variable);
  }

  protected release(): void {
    this.leaves.clear();
    // The memory goes when nothing refers to it: programs that are still about hold none of their own.
    this.heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 0, 0);
  }

  /** What computes an op: its kernels' calls, or its reference. */
  private callsOf(
    tensor: Tensor,
    plan: CpuPlan | undefined,
    memory: MemoryPlan,
    starts: readonly number[],
    addressOf: (tensor: Tensor) => number,
  ): (() => void)[] {
    if (tensor.source.kind !== 'operation') return [];
    const { operation } = tensor.source;
    const [changed] = operation.writes;
    const output = changed === undefined ? tensor : tensor.inputs[changed];
    if (plan === undefined) return [this.referenceOf(tensor.inputs, output, operation.reference, addressOf)];
    const addressOfSlot = (slot: Slot): number => {
      if (slot === 'output') return addressOf(output);
      if ('input' in slot) return addressOf(tensor.inputs[slot.input]);
      return starts[memory.scratch.get(tensor)?.[slot.scratch] ?? -1];
    };
    return needed(tensor, plan.calls, memory).map((each) => this.bound(each, tensor, addressOfSlot));
  }

  private bound({ kernel, slots, numbers }: CpuCall, tensor: Tensor, addressOf: (slot: Slot) => number): () => void {
    const compute = this.kernels.functions[kernel];
    const values = [...slots.map(addressOf), ...numbers];
    if (typeof compute !== 'function' || compute.length !== values.length)
      throw new KernelError(
        `${labelOfOp(tensor)}: there is no CPU kernel ${kernel} that takes ${slots.length} addresses and ${numbers.length} numbers`,
      );
    return () => compute(...values);
  }

  /** A call of a reference; its views are made anew when the memory has grown, which takes the old ones away. */
  private referenceOf(
    inputs: readonly Tensor[],
    output: Tensor,
    reference: (inputs: readonly Values[], output: Values) => void,
    addressOf: (tensor: Tensor) => number,
  ): () => void {
    const places = [output, ...inputs].map((tensor) => [tensor, addressOf(tensor)] as const);
    let memory: ArrayBuffer | undefined;
    let views: Values[] = [];
    return () => {
      if (memory !== this.kernels.memory.buffer) {
        memory = this.kernels.memory.buffer;
        views = places.map(([tensor, at]) => ({
          shape: tensor.shape,
          dtype: tensor.dtype,
          data: this.view(tensor, at),
        }));
      }
      reference(views.slice(1), views[0]);
    };
  }

  private view({ shape, dtype }: Tensor, at: number): Data {
    const { buffer } = this.kernels.memory;
    return dtype === 'u32' ? new Uint32Array(buffer, at, sizeOf(shape)) : new Float32Array(buffer, at, sizeOf(shape));
  }

  /** Where a leaf is; a new one holds zeros, or the constant's values. */
  private leafOf(tensor: Tensor): Leaf {
    const known = this.leaves.get(tensor);
    if (known !== undefined) return known;
    const leaf = { at: this.heap.take(4 * sizeOf(tensor.shape), labelOfLeaf(tensor)), users: 0 };
    this.leaves.set(tensor, leaf);
    const data = this.view(tensor, leaf.at);
    if (tensor.source.kind === 'constant') data.set(tensor.source.data);
    else data.fill(0);
    return leaf;
  }

  /** One program fewer uses a leaf. */
  private leave(tensor: Tensor): void {
    const leaf = this.leaves.get(tensor);
    if (leaf === undefined) return;
    leaf.users--;
    if (leaf.users === 0 && tensor.source.kind === 'constant') this.drop(tensor);
  }
}
