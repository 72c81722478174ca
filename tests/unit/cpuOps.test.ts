// Every op on the CPU executor against its reference, bit for bit, with its gradient: the table that the GPU is held to.

import { beforeAll, expect, test } from 'vitest';
import type { Rule } from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { rules } from '../../src/engine/ops';
import { checkOp } from '../../src/engine/testing';
import { cases, longCases } from '../cases/ops';

let executor: CpuDevice;
beforeAll(async () => {
  executor = await CpuDevice.open();
});

test.each(Object.keys(rules) as (keyof typeof rules)[])(
  '%s equals its reference bit for bit, and its gradient the differences',
  async (op) => {
    const own = [...cases, ...longCases].filter((each) => each.op === op);
    const problem = await checkOp(rules[op] as Rule<never>, own, { executor }).then(
      () => '',
      (error) => String(error),
    );
    expect(problem.split('\n')).toEqual(['']);
  },
);
