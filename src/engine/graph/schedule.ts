// From a graph to the order in which it runs: every operation that an output or an update needs, oldest first.

import type { Tensor } from './tensor';
import type { Update } from './update';

/** What a program computes and changes in one step. */
export interface Graph<Name extends string = string> {
  readonly outputs: Readonly<Record<Name, Tensor>>;
  readonly updates?: readonly Update[];
}

export interface Schedule {
  readonly operations: readonly Tensor[];
  readonly leaves: readonly Tensor[];
  readonly views: readonly Tensor[];
  readonly updates: readonly Update[];
  readonly outputs: readonly Tensor[];
}

export function schedule(graph: Graph): Schedule {
  const updates = graph.updates ?? [];
  const outputs = Object.values(graph.outputs);
  const found = new Set<Tensor>();
  const pending = [...outputs, ...updates.flatMap((update) => update.inputs)];
  for (let tensor = pending.pop(); tensor !== undefined; tensor = pending.pop()) {
    if (found.has(tensor)) continue;
    found.add(tensor);
    pending.push(...tensor.inputs);
  }
  const ordered = [...found].sort((a, b) => a.id - b.id);
  return {
    operations: ordered.filter(({ source }) => source.kind === 'operation'),
    leaves: ordered.filter(({ source }) => source.kind === 'variable' || source.kind === 'constant'),
    views: ordered.filter(({ source }) => source.kind === 'view'),
    updates,
    outputs,
  };
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
