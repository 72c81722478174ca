// The memory plan: tensors that are alive at the same time never share memory, and memory is used again when it can be.

import { expect, test } from 'vitest';
import {
  add,
  arenaLayout,
  constant,
  exp,
  gradient,
  linear,
  mul,
  neg,
  pack,
  reshape,
  sum,
  type Tensor,
  variable,
  view,
} from '../../src/engine';
import { SOFTWARE } from '../../src/engine/graph/dispatch';
import { plansOf } from '../../src/engine/graph/footprint';
import { type MemoryPlan, planMemory, sizeClass } from '../../src/engine/graph/memory';
import { type Graph, schedule } from '../../src/engine/graph/schedule';
import { sizeOf } from '../../src/engine/graph/shape';
import { rootOf } from '../../src/engine/graph/tensor';
import { threefry, uniformF } from '../../src/engine/random/threefry';

function planOf(graph: Graph): { plan: MemoryPlan; operations: readonly Tensor[] } {
  const work = schedule(graph);
  return { plan: planMemory(work, plansOf(work, SOFTWARE)), operations: work.operations };
}

/** Every pair of operations whose values are needed at the same time must be disjoint in memory. */
function expectDisjoint(graph: Graph): void {
  const { plan, operations } = planOf(graph);
  const outputs = Object.values(graph.outputs).map((tensor) => rootOf(tensor).root);
  const lastUse = (tensor: Tensor): number => {
    if (outputs.includes(tensor)) return operations.length;
    const users = operations.map((op, i) => (op.inputs.some((input) => rootOf(input).root === tensor) ? i : -1));
    return Math.max(...users);
  };
  for (const [i, a] of operations.entries()) {
    for (const [j, b] of operations.entries()) {
      if (j <= i || lastUse(a) < j) continue;
      const [placeA, placeB] = [plan.places.get(a), plan.places.get(b)];
      if (placeA === undefined || placeB === undefined) throw new Error('an operation has no place');
      const partOf = b.source.kind === 'operation' && b.source.operation.placement !== undefined;
      if (placeA.buffer !== placeB.buffer || partOf) continue;
      const apart =
        placeA.offset + 4 * sizeOf(a.shape) <= placeB.offset || placeB.offset + 4 * sizeOf(b.shape) <= placeA.offset;
      expect(apart, `operations ${i} and ${j} overlap`).toBe(true);
    }
  }
}

const data = (n: number) => constant(new Float32Array(n), [n]);

test('a chain of operations uses two buffers', () => {
  let x = exp(data(100));
  for (let i = 0; i < 10; i++) x = neg(x);
  expect(planOf({ outputs: { x } }).plan.buffers.length).toBe(2);
});

test('no two live tensors share memory in a network and its gradients', () => {
  const x = constant(new Float32Array(2 * 5 * 7), [2, 5, 7]);
  const weights = [variable('w1', [2, 7, 9]), variable('w2', [2, 9, 4])];
  const biases = [variable('b1', [2, 9]), variable('b2', [2, 4])];
  const hidden = linear(x, weights[0], biases[0], 'relu');
  const y = linear(hidden, weights[1], biases[1]);
  const gradients = gradient(sum(mul(y, y)), [...weights, ...biases]);
  expectDisjoint({ outputs: { y, packed: pack(gradients) } });
});

test('gradients are written straight into the pack that holds them', () => {
  const [a, b] = [exp(data(70)), neg(data(10))];
  const packed = pack([a, b]);
  const { plan } = planOf({ outputs: { packed } });
  expect(plan.buffers.length).toBe(1);
  expect(plan.places.get(a)).toEqual({ buffer: 0, offset: 0 });
  expect(plan.places.get(b)).toEqual({ buffer: 0, offset: 4 * 128 });
});

test('a part that reads another part of the pack is not placed in it', () => {
  const a = exp(data(10));
  const b = add(a, a);
  const { plan } = planOf({ outputs: { packed: pack([a, b]) } });
  expect(plan.places.get(b)?.buffer).not.toBe(plan.places.get(a)?.buffer);
});

/** What is wrong with where a plan puts things: nothing may read the buffer it writes, and what is not copied must be there. */
function misplaced(graph: Graph): string[] {
  const { plan, operations } = planOf(graph);
  return operations.flatMap((operation, at) => {
    const own = plan.places.get(operation);
    const inPlace = plan.inPlace.get(operation) ?? new Set();
    const { offsets } = arenaLayout(operation.inputs.map(({ shape }) => shape));
    return operation.inputs.flatMap((input, i) => {
      const place = plan.places.get(rootOf(input).root);
      if (inPlace.has(i)) {
        const there = place?.buffer === own?.buffer && place?.offset === (own?.offset ?? 0) + 4 * offsets[i];
        return there ? [] : [`input ${i} of operation ${at} is not copied and not there`];
      }
      return place !== undefined && place.buffer === own?.buffer ? [`operation ${at} reads what it writes`] : [];
    });
  });
}

/** A graph of packs, views and sums over its own tensors, so that many want the same memory. */
function tangled(seed: number): Graph {
  let draws = 0;
  const below = (n: number) => Math.floor(n * uniformF(threefry([seed, 5], [draws++, 0])[0]));
  const tensors: Tensor[] = [variable('v', [128])];
  const any = () => tensors[below(tensors.length)];
  const make = [
    () => exp(any()),
    () => pack(Array.from({ length: 1 + below(4) }, any)),
    () => pack(Array.from({ length: 1 + below(4) }, any)),
    () => view(any(), 0, [64]),
    () => ((x) => reshape(x, [1, sizeOf(x.shape)]))(any()),
    () => ((x) => add(x, x))(any()),
  ];
  for (let i = 0; i < 12; i++) {
    const made = make[below(make.length)]();
    tensors.push(reshape(made, [sizeOf(made.shape)]));
  }
  const last = tensors.slice(-3);
  return { outputs: Object.fromEntries(last.map((tensor, i) => [`y${i}`, tensor])) };
}

test('nothing reads the buffer it writes, and what is not copied is where it should be, in 2,000 tangled graphs', () => {
  let placed = 0;
  for (let seed = 0; seed < 2000; seed++) {
    const graph = tangled(seed);
    expect(misplaced(graph), `graph ${seed}`).toEqual([]);
    for (const inputs of planOf(graph).plan.inPlace.values()) placed += inputs.size;
  }
  expect(placed).toBeGreaterThan(1000);
});

test('what depends on constants only comes first, keeps its memory where a step reads it, and is never written by one', () => {
  const chain = exp(neg(exp(data(100))));
  const w = variable('w', [100]);
  let y = mul(w, chain);
  for (let i = 0; i < 10; i++) y = neg(y);
  const graph = { outputs: { z: add(y, chain) } };
  const { plan, operations } = planOf(graph);
  const { once } = schedule(graph);
  expect(operations.slice(0, 3).every((each) => once.has(each))).toBe(true);
  expect(once.size).toBe(3);
  const place = plan.places.get(chain)?.buffer;
  for (const each of operations.filter((operation) => !once.has(operation)))
    expect(plan.places.get(each)?.buffer).not.toBe(place);
  expect(plan.buffers.length).toBeLessThanOrEqual(4);
});

test('size classes are powers of two, then mebibytes', () => {
  expect([1, 256, 257, 2 ** 20, 2 ** 20 + 1].map(sizeClass)).toEqual([256, 256, 512, 2 ** 20, 2 ** 21]);
});
