// Graphs in which memory is wanted twice: parts that a pack takes more than once, as a whole, as a view, through another pack.
// Every one is run on every executor, and must give what its parts are.

import {
  add,
  arenaLayout,
  type Executor,
  exp,
  gradient,
  mul,
  neg,
  pack,
  reshape,
  type Shape,
  sgd,
  sizeOf,
  square,
  sum,
  type Tensor,
  variable,
  view,
} from '../../src/engine';
import { numbers } from './data';

type Make = (x: Tensor, y: Tensor) => readonly Tensor[];

const g = (x: Tensor) => exp(x);

/** Parts of one pack, from two variables [128]: lengths are multiples of 64, so that no gaps are compared. */
const packs: Record<string, Make> = {
  'a part twice': (x) => {
    const part = g(x);
    return [part, part];
  },
  'a part three times, among others': (x, y) => {
    const part = g(x);
    return [part, neg(y), part, y, part];
  },
  'a view of a part, after it': (x) => {
    const part = g(x);
    return [part, view(part, 64, [64])];
  },
  'a view of a part, before it': (x) => {
    const part = g(x);
    return [view(part, 64, [64]), part];
  },
  'a part and its other shape': (x) => {
    const part = g(x);
    return [reshape(part, [2, 64]), part];
  },
  'a pack and its part': (x, y) => {
    const part = g(x);
    return [pack([part, neg(y)]), part];
  },
  'a part and its pack': (x, y) => {
    const part = g(x);
    return [part, pack([neg(y), part])];
  },
  'a pack twice': (x, y) => {
    const inner = pack([g(x), neg(y)]);
    return [inner, inner];
  },
  'a pack of a pack of a part twice': (x) => {
    const inner = pack([g(x)]);
    return [pack([inner]), view(inner, 64, [64]), pack([inner, inner])];
  },
  'a part that reads what lies deeper': (x) => {
    const deep = g(x);
    return [pack([deep]), neg(deep)];
  },
  'a part that reads another': (x) => {
    const part = g(x);
    return [part, mul(part, part)];
  },
  'the same variable twice': (x) => [x, x],
  'gradients of a sum: one tensor for both': (x, y) => gradient(sum(square(add(x, y))), [x, y]),
  'gradients of a residual': (x, y) => {
    const hidden = mul(x, y);
    return gradient(sum(square(add(hidden, x))), [x, y, hidden]);
  },
};

export const packNames = Object.keys(packs);

const lengthOf = (shapes: readonly Shape[]) => arenaLayout(shapes).length;

/** The pack of `name`, and its parts each computed by a program of its own. */
export async function packed(executor: Executor, name: string): Promise<{ whole: number[]; parts: number[] }> {
  const [x, y] = [variable('x', [128]), variable('y', [128])];
  executor.write(x, numbers(128, -1, 1, 61));
  executor.write(y, numbers(128, -1, 1, 62));
  const parts = packs[name](x, y);
  if (lengthOf(parts.map(({ shape }) => shape)) !== parts.reduce((n, { shape }) => n + sizeOf(shape), 0))
    throw new Error('the parts of a case must leave no gaps');
  const { whole } = await executor.evaluate({ whole: pack(parts) });
  const alone: number[] = [];
  for (const part of packs[name](x, y)) alone.push(...(await executor.evaluate({ part })).part);
  return { whole: Array.from(whole), parts: alone };
}

/** Five steps of SGD on sum((x + a + b)^2): a and b have one gradient, and must move alike. */
export async function twoBiases(executor: Executor): Promise<{ a: number[]; b: number[] }> {
  const x = variable('x', [64]);
  const parameters = variable('parameters', [128]);
  const [a, b] = [view(parameters, 0, [64]), view(parameters, 64, [64])];
  const gradients = pack(gradient(sum(square(add(add(x, a), b))), [a, b]));
  const [velocity, rates] = [variable('velocity', [128]), variable('rates', [128])];
  const [step, nonFinite] = [variable('step', [1], 'u32'), variable('nonFinite', [1], 'u32')];
  executor.write(x, numbers(64, -1, 1, 63));
  executor.write(rates, new Array<number>(128).fill(0.05));
  executor.write(nonFinite, [0xffffffff]);
  using program = await executor.compile({
    outputs: {},
    updates: [sgd({ parameters, gradients, velocity, rates, step, nonFinite })],
  });
  await program.run(5);
  return { a: Array.from(await executor.read(a)), b: Array.from(await executor.read(b)) };
}
