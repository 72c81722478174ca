import type { Rule, Tensor, Tuning } from '../../../src/engine';
import { rules } from '../../../src/engine/ops';
import { checkOp } from '../../../src/engine/testing';
import { measureCases } from '../../cases/measures';
import { cases, longCases } from '../../cases/ops';
import { variantCases } from '../../cases/products';
import { sharedDevice } from './shared';

export interface RuleCheck {
  readonly op: keyof typeof rules;
  readonly tuning?: Partial<Tuning>;
  readonly ulps?: number;
  /** Also what only a GPU's plans cut. */
  readonly long?: boolean;
}

export interface CaseValues {
  readonly name: string;
  /** As bits, so that NaN, infinities and the sign of 0 survive the way to Node. */
  readonly bits: number[];
}

/** Checks the rule of an op on all its cases, with the plans of some kind of adapter; what is wrong, or nothing. */
export async function checkRule({ op, tuning, ulps, long }: RuleCheck): Promise<string> {
  const executor = await sharedDevice(tuning);
  // Rules of different options have no common type, and a rule is only asked what it is called and whether it has a gradient.
  const rule = rules[op] as Rule<never>;
  try {
    await checkOp(
      rule,
      // A forced variant is the same with any plan.
      (long ? [...cases.filter((c) => !variantCases.includes(c)), ...longCases] : cases).filter((c) => c.op === op),
      { executor, ulps },
    );
    return '';
  } catch (error) {
    return String(error);
  }
}

export async function runMeasureCases(op: string): Promise<CaseValues[]> {
  const own = measureCases.filter((c) => c.op === op);
  return compute(own.map(({ name, build }) => ({ name, tensor: build() })));
}

async function compute(outputs: readonly { name: string; tensor: Tensor }[]): Promise<CaseValues[]> {
  const device = await sharedDevice();
  const results: CaseValues[] = [];
  for (const { name, tensor } of outputs) {
    using program = await device.compile({ outputs: { output: tensor } });
    await program.run();
    const values = tensor.dtype === 'f32' ? await program.read('output') : await program.readIntegers('output');
    results.push({ name, bits: Array.from(new Uint32Array(values.buffer)) });
  }
  return results;
}
