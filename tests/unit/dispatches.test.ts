// What a training step costs in dispatches, as planned: figures that docs/benchmarks.md quotes.

import { expect, test } from 'vitest';
import { steps } from '../../bench/steps';
import { constant, describe, gradient, linear, mul, pack, sum, variable } from '../../src/engine';
import type { Graph } from '../../src/engine/graph/schedule';

/** The kernels of one step, in order, as a program of the graph would dispatch them. */
function kernelsOf(graph: Graph): string[] {
  const lines = describe(graph).split('\n');
  return lines
    .filter((line) => !line.includes('| once'))
    .flatMap((line) => line.split(' | ').filter((part) => /^\w+(\/\w+)? \d+x\d+x\d+/.test(part)))
    .flatMap((part) => part.split(', '));
}

test.each(['step/vae-mlp', 'step/vae-mlp-12'])('%s takes 36 dispatches', (name) => {
  const found = steps.find((each) => each.name === name);
  expect(found).toBeDefined();
  if (found !== undefined) expect(kernelsOf(found.build().graph).length).toBe(36);
});

test('the gradients of weights and bias are one product, written where a pack wants both', () => {
  const x = constant(new Float32Array(2 * 5 * 8), [2, 5, 8]);
  const [w, b] = [variable('w', [2, 8, 4]), variable('b', [2, 4])];
  const y = linear(x, w, b);
  const kernels = kernelsOf({ outputs: { packed: pack(gradient(sum(mul(y, y)), [w, b])) } });
  // y; y y' (twice, added); the product and the sums of its rows. No copy.
  expect(kernels.filter((kernel) => kernel.startsWith('matmul')).length).toBe(2);
  expect(kernels.filter((kernel) => kernel.startsWith('strided_copy') || kernel.startsWith('reduce'))).toEqual([]);
});
