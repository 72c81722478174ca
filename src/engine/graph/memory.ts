// The static memory plan: which buffer every intermediate tensor lives in. A linear scan over the schedule; a buffer is
// used again as soon as the last reader of its tensor has run. Pure, so a test can check that no two live tensors share.

import type { Slot } from './dispatch';
import { type Placed, placeInputs } from './placement';
import type { Schedule } from './schedule';
import { sizeOf } from './shape';
import { rootOf, type Tensor } from './tensor';

/** A place: buffer number `buffer` of the plan, from `offset` bytes on. */
export interface Place {
  readonly buffer: number;
  readonly offset: number;
}

export interface MemoryPlan {
  /** Bytes of every buffer. */
  readonly buffers: readonly number[];
  /** Where every operation's output is; views are found through `rootOf`, updates are where their variables are. */
  readonly places: ReadonlyMap<Tensor, Place>;
  /** Of every pack, the inputs that are written where it wants them: copying those is unnecessary. */
  readonly inPlace: ReadonlyMap<Tensor, ReadonlySet<number>>;
  /** Scratch buffers of every operation and update. */
  readonly scratch: ReadonlyMap<Tensor, readonly number[]>;
  /** The operation after which the memory of an operation is used again; none where a step keeps it. */
  readonly lastReader: ReadonlyMap<Tensor, Tensor>;
}

/** The dispatches or calls of a plan that are needed: what is written in place need not be copied there. */
export function needed<Each extends { readonly slots: readonly Slot[] }>(
  owner: Tensor,
  all: readonly Each[],
  { inPlace }: MemoryPlan,
): readonly Each[] {
  const placed = inPlace.get(owner);
  if (placed === undefined) return all;
  return all.filter(({ slots: [from] }) => !(typeof from === 'object' && 'input' in from && placed.has(from.input)));
}

const MEBIBYTE = 2 ** 20;

/** Buffers come in size classes, so that they fit one another: powers of two up to 1 MiB, then whole mebibytes. */
export function sizeClass(bytes: number): number {
  if (bytes > MEBIBYTE) return Math.ceil(bytes / MEBIBYTE) * MEBIBYTE;
  return 2 ** Math.max(8, Math.ceil(Math.log2(bytes)));
}

/** What an op's plan says of memory: the bytes of each scratch buffer. */
interface Needs {
  readonly scratch?: readonly number[];
}

export function planMemory(schedule: Schedule, plans: ReadonlyMap<Tensor, Needs>): MemoryPlan {
  const { operations, updates } = schedule;
  const hosts = placeInputs(schedule);
  const ownerOf = (tensor: Tensor): Tensor => {
    const { root } = rootOf(tensor);
    return hosts.get(root)?.tensor ?? root;
  };
  const lastUse = lastUses(schedule, ownerOf);
  const expiring: Tensor[][] = operations.map(() => []);
  for (const [tensor, position] of lastUse) expiring[position].push(tensor);

  const buffers: number[] = [];
  const free = new Map<number, number[]>();
  const acquire = (bytes: number): number => {
    const size = sizeClass(bytes);
    const reused = free.get(size)?.pop();
    return reused ?? buffers.push(size) - 1;
  };
  const release = (buffer: number): void => {
    const size = buffers[buffer];
    const known = free.get(size);
    if (known === undefined) free.set(size, [buffer]);
    else known.push(buffer);
  };

  const owned = new Map<Tensor, number>();
  const places = new Map<Tensor, Place>();
  const scratch = new Map<Tensor, readonly number[]>();
  const allocateScratch = (owner: Tensor): void => {
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
    places.set(operation, { buffer, offset: 4 * (hosts.get(operation)?.offset ?? 0) });
    allocateScratch(operation);
    for (const tensor of expiring[position]) {
      const held = owned.get(tensor);
      if (held !== undefined) release(held);
    }
  });
  updates.forEach(allocateScratch);
  const lastReader = new Map<Tensor, Tensor>();
  for (const operation of operations) {
    const position = lastUse.get(ownerOf(operation));
    if (position !== undefined) lastReader.set(operation, operations[position]);
  }
  return { buffers, places, inPlace: inputsInPlace(hosts), scratch, lastReader };
}

/** The position of the last reader of every tensor that owns memory; none for what outlives a step. */
function lastUses(
  { operations, once, updates, outputs }: Schedule,
  ownerOf: (tensor: Tensor) => Tensor,
): Map<Tensor, number> {
  const lastUse = new Map<Tensor, number>();
  const kept = new Set<Tensor>();
  operations.forEach((operation, position) => {
    lastUse.set(ownerOf(operation), position);
    for (const input of operation.inputs) {
      const owner = ownerOf(input);
      if (owner.source.kind !== 'operation') continue;
      lastUse.set(owner, position);
      // Every step reads again what was computed once.
      if (once.has(rootOf(input).root) && !once.has(operation)) kept.add(owner);
    }
  });
  for (const tensor of outputs) kept.add(ownerOf(tensor));
  for (const update of updates) for (const input of update.inputs) kept.add(ownerOf(input));
  for (const tensor of kept) lastUse.delete(tensor);
  return lastUse;
}

function inputsInPlace(hosts: ReadonlyMap<Tensor, Placed>): Map<Tensor, ReadonlySet<number>> {
  const inPlace = new Map<Tensor, Set<number>>();
  for (const { tensor, inputs } of hosts.values()) {
    const known = inPlace.get(tensor) ?? new Set();
    for (const input of inputs) known.add(input);
    inPlace.set(tensor, known);
  }
  return inPlace;
}
