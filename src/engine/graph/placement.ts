// Which operations write their output straight into the pack that will hold it, so that packing the gradients costs nothing.

import type { Schedule } from './schedule';
import { sizeOf } from './shape';
import { rootOf, type Tensor } from './tensor';

/** Where a part lies in the pack that holds it: which of the pack's inputs show it, and how many elements from the beginning. */
export interface Placed {
  readonly tensor: Tensor;
  readonly inputs: ReadonlySet<number>;
  readonly offset: number;
}

/**
 * The operations that are written where their pack wants them. WebGPU does not let one dispatch read and write a buffer, so a
 * part is placed only where nothing that writes into the shared buffer would have to read from it: not beside another part
 * that it reads, and not where the same values are wanted a second time and must be copied. A pack within a pack is copied.
 */
export function placeInputs({ operations, once }: Schedule): Map<Tensor, Placed> {
  const hosts = new Map<Tensor, Placed>();
  const packs = new Set<Tensor>();
  const readers = readersOf(operations);
  for (const tensor of operations) {
    if (tensor.source.kind !== 'operation' || tensor.source.operation.placement === undefined) continue;
    const offsets = tensor.source.operation.placement(tensor.inputs);
    for (const [root, shown] of partsOf(tensor)) {
      // What is computed once needs memory that no step writes.
      const lasts = once.has(root) && !once.has(tensor);
      if (root.source.kind !== 'operation' || lasts || hosts.has(root) || packs.has(root)) continue;
      const placed = placeOf(tensor, offsets, root, shown);
      if (placed === undefined) continue;
      hosts.set(root, placed);
      if (meetsItself(root, readers.get(root) ?? [], hosts)) hosts.delete(root);
    }
    packs.add(tensor);
  }
  return hosts;
}

/** The inputs of a pack by the tensor whose memory they show: a product and the sums beside it are two views of one. */
function partsOf({ inputs }: Tensor): Map<Tensor, number[]> {
  const parts = new Map<Tensor, number[]>();
  for (const [i, input] of inputs.entries()) {
    const { root } = rootOf(input);
    const known = parts.get(root);
    if (known === undefined) parts.set(root, [i]);
    else known.push(i);
  }
  return parts;
}

/** Where all of `root` would lie so that the inputs that show it are where the pack wants them, unless something else is there. */
function placeOf(pack: Tensor, offsets: readonly number[], root: Tensor, shown: readonly number[]): Placed | undefined {
  const shift = (i: number): number => offsets[i] - rootOf(pack.inputs[i]).offset;
  const offset = shift(shown[0]);
  const inputs = new Set(shown.filter((i) => shift(i) === offset));
  const end = offset + sizeOf(root.shape);
  const taken = pack.inputs.some(
    ({ shape }, i) => !inputs.has(i) && offsets[i] < end && offsets[i] + sizeOf(shape) > offset,
  );
  return offset < 0 || end > sizeOf(pack.shape) || taken ? undefined : { tensor: pack, inputs, offset };
}

/** Whether a tensor is written while its own buffer is read, or read where its own buffer is written. */
function meetsItself(tensor: Tensor, readers: readonly Tensor[], hosts: ReadonlyMap<Tensor, Placed>): boolean {
  const ownerOf = (each: Tensor): Tensor => hosts.get(each)?.tensor ?? each;
  const clash = (reader: Tensor): boolean =>
    reader.inputs.some((read, i) => {
      const { root } = rootOf(read);
      const host = hosts.get(root);
      const inPlace = host?.tensor === reader && host.inputs.has(i);
      return !inPlace && ownerOf(root) === ownerOf(reader);
    });
  return clash(tensor) || readers.some(clash);
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
