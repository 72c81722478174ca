// Updates are what a program does besides computing: they change variables. A step computes every tensor first, from the
// variables as they were, then applies its updates in the order given.

import type { Plan } from './dispatch';
import type { Signature, Tensor, Values } from './tensor';

export interface UpdateRule<Options> {
  readonly name: string;
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

export function update<Options>(rule: UpdateRule<Options>, inputs: readonly Tensor[], options: Options): Update {
  return {
    name: rule.name,
    inputs,
    kernels: (signatures) => rule.kernels(signatures, options),
    reference: (values) => rule.reference(values, options),
  };
}
