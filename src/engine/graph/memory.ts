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
  /** Of every pack, the inputs that are written where it wants them: copying those is unnecessary. */
  readonly inPlace: ReadonlyMap<Tensor, ReadonlySet<number>>;
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
  const ownerOf = (tensor: Tensor): Tensor => ownerAmong(hosts, tensor);

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
  return { buffers, places, inPlace: inputsInPlace(hosts), scratch };
}

function inputsInPlace(hosts: ReadonlyMap<Tensor, Host>): Map<Tensor, ReadonlySet<number>> {
  const inPlace = new Map<Tensor, Set<number>>();
  for (const { tensor, input } of hosts.values()) inPlace.set(tensor, (inPlace.get(tensor) ?? new Set()).add(input));
  return inPlace;
}

/** The pack that holds a part: at which of its inputs, how many elements from its beginning. */
interface Host {
  readonly tensor: Tensor;
  readonly input: number;
  readonly offset: number;
}

/** The operation whose buffer holds a tensor, whether as a view of it or placed inside it. */
function ownerAmong(hosts: ReadonlyMap<Tensor, Host>, tensor: Tensor): Tensor {
  const { root } = rootOf(tensor);
  const host = hosts.get(root);
  return host === undefined ? root : ownerAmong(hosts, host.tensor);
}

/**
 * Which operations write their output straight into the pack that will hold it. WebGPU does not let one dispatch read and
 * write a buffer, so a part is placed only where nothing that writes into the shared buffer would have to read from it: not
 * beside another part that it reads, and not where the same values are wanted a second time and must be copied.
 */
function placeInputs(operations: readonly Tensor[], once: ReadonlySet<Tensor>): Map<Tensor, Host> {
  const hosts = new Map<Tensor, Host>();
  const readers = readersOf(operations);
  for (const tensor of operations) {
    if (tensor.source.kind !== 'operation' || tensor.source.operation.placement === undefined) continue;
    const offsets = tensor.source.operation.placement(tensor.inputs);
    for (const [input, part] of tensor.inputs.entries()) {
      const { root } = rootOf(part);
      const whole = sizeOf(root.shape) === sizeOf(part.shape);
      // What is computed once needs memory that no step writes.
      const lasts = once.has(root) && !once.has(tensor);
      if (root.source.kind !== 'operation' || !whole || lasts || hosts.has(root)) continue;
      const group = groupOf(root, hosts);
      hosts.set(root, { tensor, input, offset: offsets[input] });
      if (group.some((member) => meetsItself(member, readers.get(member) ?? [], hosts))) hosts.delete(root);
    }
  }
  return hosts;
}

/** Whether a tensor is written while its own buffer is read, or read where its own buffer is written. */
function meetsItself(tensor: Tensor, readers: readonly Tensor[], hosts: ReadonlyMap<Tensor, Host>): boolean {
  const clash = (reader: Tensor): boolean => {
    const owner = ownerAmong(hosts, reader);
    return reader.inputs.some((read, i) => {
      const { root } = rootOf(read);
      const host = hosts.get(root);
      const inPlace = host?.tensor === reader && host.input === i;
      return !inPlace && ownerAmong(hosts, root) === owner;
    });
  };
  return clash(tensor) || readers.some(clash);
}

/** A part and everything that is placed inside it. */
function groupOf(root: Tensor, hosts: ReadonlyMap<Tensor, Host>): Tensor[] {
  const inside = root.inputs.map((input) => rootOf(input).root).filter((part) => hosts.get(part)?.tensor === root);
  return [root, ...inside.flatMap((part) => groupOf(part, hosts))];
}

function readersOf(operations: readonly Tensor[]): Map<Tensor, Tensor[]> {
  const readers = new Map<Tensor, Tensor[]>();
  for (const reader of operations)
    for (const input of reader.inputs) {
      const { root } = rootOf(input);
      const known = readers.get(root);
      if (known === undefined) readers.set(root, [reader]);
      else known.push(reader);
    }
  return readers;
}

function offsetIn(tensor: Tensor, hosts: ReadonlyMap<Tensor, Host>): number {
  const host = hosts.get(tensor);
  return host === undefined ? 0 : 4 * host.offset + offsetIn(host.tensor, hosts);
}
