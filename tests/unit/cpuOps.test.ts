// Every op on the CPU executor against its reference, bit for bit, with its gradient: the table that the GPU is held to.

import { beforeAll, expect, test } from 'vitest';
import { ReferenceDevice, type Rule } from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { rules } from '../../src/engine/ops';
import { checkOp } from '../../src/engine/testing';
import { measureCases } from '../cases/measures';
import { cases, longCases } from '../cases/ops';
import { variantCases } from '../cases/products';

let executor: CpuDevice;
beforeAll(async () => {
  executor = await CpuDevice.open();
});

test.each(Object.keys(rules) as (keyof typeof rules)[])(
  '%s equals its reference bit for bit, and its gradient the differences',
  async (op) => {
    // Kernels that a case forces are WGSL: on the CPU each is the same.
    const own = [...cases.filter((each) => !variantCases.includes(each)), ...longCases].filter(
      (each) => each.op === op,
    );
    const problem = await checkOp(rules[op] as Rule<never>, own, { executor }).then(
      () => '',
      (error) => String(error),
    );
    expect(problem.split('\n')).toEqual(['']);
  },
);

test('all ops but those whose results are few or whole numbers have a kernel', () => {
  const withKernel = Object.entries(rules).filter(([, rule]) => 'cpu' in rule && rule.cpu !== undefined);
  const without = Object.keys(rules).filter((name) => !withKernel.some(([each]) => each === name));
  expect(without).toEqual(['argmax', 'argsort', 'cumulativeSum', 'ramp']);
});

test.each(measureCases.map((each) => [each.op, each.name, each] as const))(
  '%s of data and metrics equals its reference bit for bit: %s',
  async (_op, _name, { build }) => {
    const tensor = build();
    const [expected, found] = await Promise.all(
      [new ReferenceDevice(), executor].map(async (where) => (await where.evaluate({ tensor })).tensor),
    );
    const wrong = Array.from(expected).findIndex((value, at) => !Object.is(value, found[at]));
    expect(wrong < 0 ? '' : `entry ${wrong} is ${found[wrong]}, should be ${expected[wrong]}`).toBe('');
  },
);
