// The static memory plan: which buffer every intermediate tensor lives in. A linear scan over the schedule; a buffer is
// used again as soon as the last reader of its tensor has run. Pure, so a test can check that no two live tensors share.

import type { Plan } from './dispatch';
import { rootOf, type Schedule } from './schedule';
import { sizeOf } from './shape';
import type { Tensor } from './tensor';
import type { Update } from './update';

/** A place: buffer number `buffer` of the plan, from `offset` bytes on. */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
}

export interface MemoryPlan {
  /** Bytes of every buffer. */
  readonly buffers: readonly number[];
  /** Where every operation's output is; views are found through `rootOf`. */
  readonly places: ReadonlyMap<Tensor, Place>;
  /** Scratch buffers of every operation and update. */
  readonly scratch: ReadonlyMap<Tensor | Update, readonly number[]>;
}

const MEBIBYTE = 2 ** 20;

/** Buffers come in size classes, so that they fit one another: powers of two up to 1 MiB, then whole mebibytes. */
export function sizeClass(bytes: number): number {
  if (bytes > MEBIBYTE) return Math.ceil(bytes / MEBIBYTE) * MEBIBYTE;
  return 2 ** Math.max(8, Math.ceil(Math.log2(bytes)));
}

export function planMemory(schedule: Schedule, plans: ReadonlyMap<Tensor | Update, Plan>): MemoryPlan {
  const { operations, once, updates, outputs } = schedule;
  const hosts = placeInputs(operations, once);
  /** The operation whose buffer holds a tensor, whether as a view of it or placed inside it. */
  const ownerOf = (tensor: Tensor): Tensor => {
    const { root } = rootOf(tensor);
    const host = hosts.get(root);
    return host === undefined ? root : ownerOf(host.tensor);
  };

  const lastUse = new Map<Tensor, number>();
  const use = (tensor: Tensor, position: number): void => {
    const owner = ownerOf(tensor);
    lastUse.set(owner, Math.max(position, lastUse.get(owner) ?? 0));
  };
  const forever = operations.length;
  operations.forEach((operation, position) => {
    use(operation, position);
    // Every step reads again what was computed once.
    for (const input of operation.inputs) {
      const kept = once.has(rootOf(input).root) && !once.has(operation);
      use(input, kept ? forever : position);
    }
  });
  for (const tensor of [...outputs, ...updates.flatMap((update) => update.inputs)]) use(tensor, forever);

  const buffers: number[] = [];
  const free = new Map<number, number[]>();
  const acquire = (bytes: number): number => {
    const size = sizeClass(bytes);
    const reused = free.get(size)?.pop();
    return reused ?? buffers.push(size) - 1;
  };
  const release = (buffer: number): void => {
    const size = buffers[buffer];
    free.set(size, [...(free.get(size) ?? []), buffer]);
  };

  const owned = new Map<Tensor, number>();
  const places = new Map<Tensor, Place>();
  const scratch = new Map<Tensor | Update, readonly number[]>();
  const allocateScratch = (owner: Tensor | Update): void => {
    const temporary = (plans.get(owner)?.scratch ?? []).map(acquire);
    scratch.set(owner, temporary);
    temporary.forEach(release);
  };
  operations.forEach((operation, position) => {
    const owner = ownerOf(operation);
    let buffer = owned.get(owner);
    if (buffer === undefined) {
      buffer = acquire(4 * sizeOf(owner.shape));
      owned.set(owner, buffer);
    }
    places.set(operation, { buffer, offset: offsetIn(operation, hosts) });
    allocateScratch(operation);
    for (const [tensor, held] of owned) {
      if (lastUse.get(tensor) === position) {
        release(held);
        lastUse.delete(tensor);
      }
    }
  });
  updates.forEach(allocateScratch);
  return { buffers, places, scratch };
}

interface Host {
  readonly tensor: Tensor;
  readonly offset: number;
}

/**
 * Which operations can write their output straight into the tensor that will hold it. Not one that reads another part of
 * the same host: WebGPU does not let one dispatch read and write a buffer.
 */
function placeInputs(operations: readonly Tensor[], once: ReadonlySet<Tensor>): Map<Tensor, Host> {
  const hosts = new Map<Tensor, Host>();
  for (const tensor of operations) {
    if (tensor.source.kind !== 'operation' || tensor.source.operation.placement === undefined) continue;
    const offsets = tensor.source.operation.placement(tensor.inputs);
    const parts = new Set(tensor.inputs.map((part) => rootOf(part).root));
    for (const [i, input] of tensor.inputs.entries()) {
      const { root: part } = rootOf(input);
      const whole = sizeOf(part.shape) === sizeOf(input.shape);
      // What is computed once needs memory that no step writes.
      const lasts = once.has(part) && !once.has(tensor);
      const readsSibling = part.inputs.some((operand) => parts.has(rootOf(operand).root));
      if (part.source.kind === 'operation' && whole && !lasts && !hosts.has(part) && !readsSibling) {
        hosts.set(part, { tensor, offset: offsets[i] });
      }
    }
  }
  return hosts;
}

function offsetIn(tensor: Tensor, hosts: ReadonlyMap<Tensor, Host>): number {
  const host = hosts.get(tensor);
  return host === undefined ? 0 : 4 * host.offset + offsetIn(host.tensor, hosts);
}
