// From a graph to the order in which it runs: every operation that an output or an update needs, oldest first. What
// depends on constants only comes before everything else, since it need not run again.

import { InputError } from '../errors';
import { rootOf, type Tensor } from './tensor';

/** What a program computes and changes in one step. */
export interface Graph<Name extends string = string> {
  readonly outputs: Readonly<Record<Name, Tensor>>;
  /** Applied in this order, after everything else was computed. */
  readonly updates?: readonly Tensor[];
}

export interface Schedule {
  /** Those of `once` first, then in the order in which they were made. */
  readonly operations: readonly Tensor[];
  /** Operations on constants only: they run once, when the program is made, and keep their values. */
  readonly once: ReadonlySet<Tensor>;
  readonly leaves: readonly Tensor[];
  readonly views: readonly Tensor[];
  readonly updates: readonly Tensor[];
  readonly outputs: readonly Tensor[];
}

/** Throws InputError where an output is an update, or an update is none. */
export function schedule(graph: Graph): Schedule {
  const updates = graph.updates ?? [];
  const outputs = Object.values(graph.outputs);
  for (const [name, output] of Object.entries(graph.outputs))
    if (isUpdate(rootOf(output).root))
      throw new InputError(`output ${name} is an update: list it in \`updates\`, and read the variable it changes`);
  for (const [i, update] of updates.entries())
    if (!isUpdate(update)) throw new InputError(`update ${i} changes nothing: list it in \`outputs\``);
  if (new Set(updates).size < updates.length) throw new InputError('an update is listed twice: it would be made once');
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

/** Whether a tensor is an op that changes variables. */
const isUpdate = ({ source }: Tensor): boolean => source.kind === 'operation' && source.operation.writes.length > 0;

/** The tensors and everything they depend on, oldest first. */
export function ancestors(tensors: readonly Tensor[]): Tensor[] {
  const found = new Set<Tensor>();
  const pending = [...tensors];
  for (let tensor = pending.pop(); tensor !== undefined; tensor = pending.pop()) {
    if (found.has(tensor)) continue;
    found.add(tensor);
    for (const input of tensor.inputs) pending.push(input);
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
