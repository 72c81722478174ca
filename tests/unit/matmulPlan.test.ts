// The choice of matmul kernel is a pure function: these are the cases it was made for.

import { expect, test } from 'vitest';
import { constant } from '../../src/engine';
import { operationsPerDispatch, SOFTWARE } from '../../src/engine/graph/dispatch';
import { matmulRule } from '../../src/engine/ops/matmul';
import { chooseVariant, cutsOf, flavourOf, slicesOf, variants } from '../../src/engine/ops/matmulPlan';
import { labelOf } from '../../src/shaders/kernel';

const GPU = { software: false };

test.each([
  ['a large square', { batches: 1, m: 512, n: 512, k: 512 }, '16x16', 'vector'],
  ['a population of small layers', { batches: 12, m: 64, n: 64, k: 256 }, '16x16', 'vector'],
  ['one small layer', { batches: 1, m: 64, n: 64, k: 256 }, '16x16', 'vector'],
  ['too few rows for the largest tile on two cores', { batches: 1, m: 16, n: 64, k: 256 }, '16x8', 'vector'],
  ['a narrow layer', { batches: 1, m: 64, n: 28, k: 64 }, '16x8', 'vector'],
  ['fewer columns than a larger tile has', { batches: 12, m: 64, n: 6, k: 64 }, '4x4', 'scalar'],
  ['a tiny one', { batches: 1, m: 8, n: 8, k: 8 }, '4x4', 'vector'],
  ['sizes that are no multiples of 4', { batches: 12, m: 64, n: 27, k: 64 }, '16x8', 'scalar'],
] as const)('%s', (_, problem, variant, flavour) => {
  expect(chooseVariant(problem, SOFTWARE)).toBe(variant);
  expect(flavourOf(problem)).toBe(flavour);
});

test('a GPU gets tiles that fit its registers, smaller ones where there is little to do', () => {
  expect(chooseVariant({ batches: 1, m: 1024, n: 1024, k: 512 }, GPU)).toBe('gpu-8x8');
  expect(chooseVariant({ batches: 12, m: 256, n: 64, k: 64 }, GPU)).toBe('gpu-4x4');
  expect(chooseVariant({ batches: 1, m: 64, n: 64, k: 512 }, GPU)).toBe('gpu-split');
});

test('a large product is cut into dispatches that cover every row once, none longer than it may be', () => {
  for (const variant of variants) {
    const problem = { batches: 2, m: 1000, n: 768, k: 1024 };
    const parts = cutsOf(problem, variant, SOFTWARE).rows;
    expect(parts.length).toBeGreaterThan(1);
    let next = 0;
    for (const [first, rows] of parts) {
      expect(first).toBe(next);
      next += rows;
      expect(2 * problem.batches * rows * problem.n * problem.k).toBeLessThanOrEqual(operationsPerDispatch(SOFTWARE));
    }
    expect(next).toBe(problem.m);
  }
});

test('slices cover k in whole fours', () => {
  for (const k of [1, 4, 255, 256, 257, 1000, 4096]) {
    const { slices, depth } = slicesOf('gpu-split', { batches: 1, m: 8, n: 8, k });
    expect(slices === 1 || depth % 4 === 0).toBe(true);
    expect(slices * depth).toBeGreaterThanOrEqual(k);
    expect((slices - 1) * depth).toBeLessThan(k);
  }
});

test('a tuning decides, unless it would change the order of a sum or names no kernel', () => {
  const operand = constant(new Float32Array(64 * 64), [1, 64, 64]);
  const kernelFor = (variant: string) => {
    const output = { shape: [1, 64, 64], dtype: 'f32' } as const;
    const plan = matmulRule.kernels(
      [operand, operand],
      output,
      {},
      { ...SOFTWARE, winners: { 'matmul/nn/1x64x64x64': variant } },
    );
    const [{ kernel, flavour }] = plan.dispatches;
    return labelOf(kernel, flavour);
  };
  expect(kernelFor('8x8')).toBe('matmul_8x8/vector');
  expect(kernelFor('gpu-4x4')).toBe('matmul_4x4/vector');
  expect(kernelFor('gpu-split')).toBe('matmul_16x16/vector');
  expect(kernelFor('fastest')).toBe('matmul_16x16/vector');
});
