// From a graph to the order in which it runs: every operation that an output or an update needs, oldest first. What
// depends on constants only comes before everything else, since it need not run again.

import type { Tensor } from './tensor';
import type { Update } from './update';

/** What a program computes and changes in one step. */
export interface Graph<Name extends string = string> {
  readonly outputs: Readonly<Record<Name, Tensor>>;
  readonly updates?: readonly Update[];
}

export interface Schedule {
  /** Those of `once` first, then in the order in which they were made. */
  readonly operations: readonly Tensor[];
  /** Operations on constants only: they run once, when the program is made, and keep their values. */
  readonly once: ReadonlySet<Tensor>;
  readonly leaves: readonly Tensor[];
  readonly views: readonly Tensor[];
  readonly updates: readonly Update[];
  readonly outputs: readonly Tensor[];
}

export function schedule(graph: Graph): Schedule {
  const updates = graph.updates ?? [];
  const outputs = Object.values(graph.outputs);
  const ordered = ancestors([...outputs, ...updates.flatMap((update) => update.inputs)]);
  const once = fixed(ordered);
  const operations = ordered.filter(({ source }) => source.kind === 'operation');
  return {
    operations: [...operations.filter((each) => once.has(each)), ...operations.filter((each) => !once.has(each))],
    once,
    leaves: ordered.filter(({ source }) => source.kind === 'variable' || source.kind === 'constant'),
    views: ordered.filter(({ source }) => source.kind === 'view'),
    updates,
    outputs,
  };
}

/** The tensors and everything they depend on, oldest first. */
export function ancestors(tensors: readonly Tensor[]): Tensor[] {
  const found = new Set<Tensor>();
  const pending = [...tensors];
  for (let tensor = pending.pop(); tensor !== undefined; tensor = pending.pop()) {
    if (found.has(tensor)) continue;
    found.add(tensor);
    pending.push(...tensor.inputs);
  }
  return [...found].sort((a, b) => a.id - b.id);
}

/** The operations whose values never change: everything they depend on is a constant. */
function fixed(ordered: readonly Tensor[]): Set<Tensor> {
  const constant = new Set<Tensor>();
  for (const tensor of ordered) {
    const { kind } = tensor.source;
    if (kind === 'constant' || (kind !== 'variable' && tensor.inputs.every((input) => constant.has(input))))
      constant.add(tensor);
  }
  return new Set([...constant].filter(({ source }) => source.kind === 'operation'));
}

/** The tensor whose memory a view shares, and where in it the view begins, in elements. */
export function rootOf(tensor: Tensor): { root: Tensor; offset: number } {
  let root = tensor;
  let offset = 0;
  while (root.source.kind === 'view') {
    offset += root.source.offset;
    root = root.inputs[0];
  }
  return { root, offset };
}
