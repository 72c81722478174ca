// Updates are what a program does besides computing: they change variables. A step computes every tensor first, from the
// variables as they were, then applies its updates in the order given.

import { ShapeError } from '../errors';
import type { Plan } from './dispatch';
import { rootOf } from './schedule';
import { checkOperands, type OperandType, type Signature, type Tensor, type Values } from './tensor';

export interface UpdateRule<Options> {
  readonly name: string;
  /** The types of the operands, as of a `Rule`. */
  readonly operands?: OperandType | readonly OperandType[];
  /** Which of the inputs it changes, by index: these must be variables, and share memory with no other input. */
  readonly writes: readonly number[];
  /** Throws ShapeError where the shapes do not fit. */
  check(inputs: readonly Signature[]): void;
  /** Dispatches over the inputs only; those that the kernel writes are variables. */
  kernels(inputs: readonly Signature[], options: Options): Plan;
  reference(inputs: readonly Values[], options: Options): void;
}

export interface Update {
  readonly name: string;
  readonly inputs: readonly Tensor[];
  kernels(inputs: readonly Signature[]): Plan;
  reference(inputs: readonly Values[]): void;
}

/** Throws ShapeError where the rule refuses its inputs, or they are not variables that it can change. */
export function update<Options>(rule: UpdateRule<Options>, inputs: readonly Tensor[], options: Options): Update {
  checkOperands(rule.name, inputs, rule.operands ?? 'f32');
  for (const i of rule.writes) {
    if (inputs[i].source.kind !== 'variable')
      throw new ShapeError(rule.name, `operand ${i + 1} is changed and must be a variable`, [inputs[i].shape]);
    const twin = inputs.findIndex((other, j) => j !== i && rootOf(other).root === inputs[i]);
    if (twin >= 0) {
      const shapes = [inputs[i].shape, inputs[twin].shape];
      throw new ShapeError(rule.name, `operand ${i + 1} is changed and shares memory with operand ${twin + 1}`, shapes);
    }
  }
  rule.check(inputs);
  return {
    name: rule.name,
    inputs,
    kernels: (signatures) => rule.kernels(signatures, options),
    reference: (values) => rule.reference(values, options),
  };
}
