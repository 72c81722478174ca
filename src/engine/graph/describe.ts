// A graph in words: one line a tensor, or the DOT language, which Graphviz draws. What a person looks at who asks what will run.

import { labelOf } from '../../shaders/kernel';
import { type Plan, SOFTWARE, type Tuning } from './dispatch';
import { plansOf } from './footprint';
import { type MemoryPlan, needed, planMemory } from './memory';
import { type Graph, schedule } from './schedule';
import { labelOfOp, rootOf, type Tensor } from './tensor';

/** What `describe` writes, and for which adapter. */
export interface DescribeOptions {
  /** `text`, one line a tensor, by default; or `dot`. */
  readonly format?: 'text' | 'dot';
  /** The adapter whose kernels are shown; a software adapter by default. */
  readonly tuning?: Tuning;
}

/**
 * Every tensor of a graph in the order of a step: its name, op, shape, kernels with their workgroups, place in memory (buffer and
 * first byte) and lifetime (its last reader). Needs no GPU. Throws InputError as `compile` does.
 */
export function describe(graph: Graph, { format = 'text', tuning = SOFTWARE }: DescribeOptions = {}): string {
  const work = schedule(graph);
  const plans = plansOf(work, tuning);
  const memory = planMemory(work, plans);
  const ordered = [...work.leaves, ...work.operations, ...work.updates];
  const numbers = new Map(ordered.map((tensor, i) => [tensor, i]));
  if (format === 'dot') return dotOf(ordered, numbers);
  const outputs = new Map<Tensor, string[]>();
  for (const [name, output] of Object.entries(graph.outputs)) {
    const { root } = rootOf(output);
    outputs.set(root, [...(outputs.get(root) ?? []), name]);
  }
  return ordered
    .map((tensor, i) => {
      const inputs = tensor.inputs.map((each) => `%${numbers.get(rootOf(each).root)}`).join(' ');
      const parts = [
        `%${i} ${titleOf(tensor)}`,
        inputs,
        kernelsOf(tensor, plans.get(tensor), memory),
        placeOf(tensor, memory, numbers),
      ];
      const wanted = outputs.get(tensor);
      if (work.once.has(tensor)) parts.push('once');
      if (wanted !== undefined) parts.push(`output ${wanted.join(', ')}`);
      return parts.filter((part) => part !== '').join(' | ');
    })
    .join('\n');
}

const titleOf = (tensor: Tensor): string => labelOfOp(tensor) + (tensor.dtype === 'f32' ? '' : ` ${tensor.dtype}`);

function kernelsOf(tensor: Tensor, plan: Plan | undefined, memory: MemoryPlan): string {
  if (plan === undefined) return '';
  return needed(tensor, plan.dispatches, memory)
    .map(({ kernel, flavour, workgroups }) => `${labelOf(kernel, flavour)} ${workgroups.join('x')}`)
    .join(', ');
}

function placeOf(tensor: Tensor, { places, lastReader }: MemoryPlan, numbers: ReadonlyMap<Tensor, number>): string {
  const place = places.get(tensor);
  if (place === undefined) return '';
  const until = lastReader.get(tensor);
  const start = place.offset === 0 ? '' : ` + ${place.offset}`;
  return `buffer ${place.buffer}${start}, ${until === undefined ? 'kept' : `until %${numbers.get(until)}`}`;
}

function dotOf(ordered: readonly Tensor[], numbers: ReadonlyMap<Tensor, number>): string {
  const quoted = (text: string) => `"${text.replace(/["\\]/g, '\\$&')}"`;
  const nodes = ordered.map((tensor, i) => {
    const shape = tensor.source.kind === 'operation' ? 'box' : 'ellipse';
    return `  ${i} [label=${quoted(titleOf(tensor))}, shape=${shape}];`;
  });
  const edges = ordered.flatMap((tensor, i) =>
    tensor.inputs.map((each) => `  ${numbers.get(rootOf(each).root)} -> ${i};`),
  );
  return ['digraph {', ...nodes, ...edges, '}'].join('\n');
}
