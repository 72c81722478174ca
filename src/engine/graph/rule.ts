// An operation is described once, by its rule: shapes, kernels, gradient and reference side by side (the idea is
// micrograd's, one op and its backward in one place; the typed table is jax-js's). `apply` binds a rule to its options.
//
// An update, such as Adam's, is an op whose output is one of its inputs: it changes variables. A step computes every other
// tensor first, from the variables as they were, then applies its updates in the order given.

import { GradientError, InputError, ShapeError } from '../errors';
import type { CpuPlan } from './cpuPlan';
import type { Plan, Tuning } from './dispatch';
import {
  type Dtype,
  type Gradients,
  nameOf,
  node,
  type Operation,
  rootOf,
  type Signature,
  type Tensor,
  type Values,
} from './tensor';

/** What a gradient rule sees: the node it differentiates. */
export interface Call<Options> {
  readonly inputs: readonly Tensor[];
  readonly output: Tensor;
  readonly options: Options;
}

/** From the gradient of a result to those of the operands, as graph; or the reason why there is none. */
export type GradientRule<Options> = (call: Call<Options>, upstream: Tensor) => Gradients;

/** Says, instead of a gradient, why an op has none. */
export interface NotDifferentiable {
  readonly reason: string;
}

/** Types that an op takes for an operand. */
export type OperandType = Dtype | 'any';

/** Everything there is to say of an op: its shape, its kernels, its CPU kernel, its gradient and its reference, side by side. */
export interface Rule<Options> {
  /** What errors, profiles and labels call the op. */
  readonly name: string;
  /** The types of the operands, one for each or one for all; `any` where the op only moves words. f32 by default. */
  readonly operands?: OperandType | readonly OperandType[];
  /**
   * Of an update: which of the inputs it changes, by index. These must be variables that share memory with no other input;
   * the output is the first of them.
   */
  readonly writes?: readonly number[];
  /** The output's shape and type, or a ShapeError. The operands' types are known to be right. */
  infer(inputs: readonly Signature[], options: Options): Signature;
  /** Which kernels to run, over what: a pure function that a test can call without a GPU. */
  kernels(inputs: readonly Signature[], output: Signature, options: Options, tuning: Tuning): Plan;
  /**
   * Which WebAssembly kernels compute it on the CPU, if any do: a pure function. Without it, or where it is undefined, the reference
   * runs on the same memory.
   */
  readonly cpu?: (inputs: readonly Signature[], output: Signature, options: Options) => CpuPlan | undefined;
  readonly gradient: GradientRule<Options> | NotDifferentiable;
  /**
   * For an op that makes gradients: `before` plus its result, in one op, if it can. It saves a dispatch where a tensor has
   * several readers.
   */
  readonly addedTo?: (call: Call<Options>, before: Tensor) => Tensor | undefined;
  /**
   * For an op whose output merely holds its inputs side by side: the element offset of each. The planner then lets an
   * input be written there directly, and drops the dispatches whose first slot is that input, which would copy it.
   */
  readonly placement?: (inputs: readonly Signature[]) => number[];
  /** The same numbers in TypeScript, rounded to f32 in the kernel's order of operations. */
  reference(inputs: readonly Values[], output: Values, options: Options): void;
}

/**
 * A rule, checked: what every op is defined by, here and in a page of your own. Throws InputError where a part is missing.
 */
export function defineOp<Options>(rule: Rule<Options>): Rule<Options> {
  const name = rule.name || 'an op without a name';
  for (const part of ['infer', 'kernels', 'reference'] as const)
    if (typeof rule[part] !== 'function') throw new InputError(`defineOp: ${name} needs ${part}, a function`);
  if (typeof rule.gradient !== 'function' && typeof rule.gradient?.reason !== 'string')
    throw new InputError(`defineOp: ${name} needs a gradient, or { reason } that says why there is none`);
  return rule;
}

/** Throws ShapeError, naming the operand, unless every operand is of the type that the op takes. */
function checkOperands(op: string, operands: readonly Tensor[], types: OperandType | readonly OperandType[]): void {
  const shapes = () => operands.map(({ shape }) => shape);
  for (const [i, operand] of operands.entries()) {
    const { dtype } = operand;
    const { source } = rootOf(operand).root;
    const type = typeof types === 'string' ? types : types[i];
    if (type !== 'any' && type !== dtype)
      throw new ShapeError(op, `operand ${i + 1} must be ${type ?? 'left out'}, and is ${dtype}`, shapes());
    if (source.kind === 'operation' && source.operation.writes.length > 0)
      throw new ShapeError(op, `operand ${i + 1} is the update ${source.operation.name}, not a value`, shapes());
  }
}

/** Throws ShapeError unless what an update changes are variables of their own. */
function checkWrites(op: string, operands: readonly Tensor[], writes: readonly number[]): void {
  for (const i of writes) {
    if (operands[i].source.kind !== 'variable')
      throw new ShapeError(op, `operand ${i + 1} is changed and must be a variable`, [operands[i].shape]);
    const twin = operands.findIndex((other, j) => j !== i && rootOf(other).root === operands[i]);
    if (twin >= 0) {
      const shapes = [operands[i].shape, operands[twin].shape];
      throw new ShapeError(op, `operand ${i + 1} is changed and shares memory with operand ${twin + 1}`, shapes);
    }
  }
}

/** Adds a node that computes `rule` of the inputs. Throws ShapeError when the rule refuses them. */
export function apply<Options>(rule: Rule<Options>, inputs: readonly Tensor[], options: Options): Tensor {
  const { name, writes = [], placement } = rule;
  checkOperands(name, inputs, rule.operands ?? 'f32');
  checkWrites(name, inputs, writes);
  const operation: Operation = {
    name,
    rule,
    options,
    writes,
    placement,
    addedTo: (of, output, before) => rule.addedTo?.({ inputs: of, output, options }, before),
    kernels: (signatures, output, tuning) => rule.kernels(signatures, output, options, tuning),
    cpu: (signatures, output) => rule.cpu?.(signatures, output, options),
    reference: (values, output) => rule.reference(values, output, options),
    gradient(of, output, upstream) {
      if (typeof rule.gradient !== 'function')
        throw new GradientError(`${name} has no gradient: ${rule.gradient.reason}`);
      return rule.gradient({ inputs: of, output, options }, upstream);
    },
  };
  return node({ kind: 'operation', operation }, inputs, inferred(rule, inputs, options));
}

/** What a rule infers; where it refuses, the message also says what the operands are called. */
function inferred<Options>(rule: Rule<Options>, inputs: readonly Tensor[], options: Options): Signature {
  try {
    return rule.infer(inputs, options);
  } catch (error) {
    const called = inputs.flatMap((operand, i) =>
      nameOf(operand) === undefined ? [] : `operand ${i + 1} is ${nameOf(operand)}`,
    );
    if (error instanceof ShapeError && called.length > 0) error.message += ` (${called.join(', ')})`;
    throw error;
  }
}

/** How a tensor was made, if by `rule`: what a gradient looks at to fold one op into another. */
export function callOf<Options>(tensor: Tensor, rule: Rule<Options>): Call<Options> | undefined {
  const { source, inputs } = tensor;
  if (source.kind !== 'operation' || source.operation.rule !== rule) return undefined;
  return { inputs, output: tensor, options: source.operation.options as Options };
}

/** Why an update has no gradient. */
export const ofUpdate: NotDifferentiable = { reason: 'an update changes variables; differentiate the loss' };
