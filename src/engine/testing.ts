// `import { checkOp } from 'unweave/testing'`: the test of an op, this repository's own and yours: an executor's kernels against the reference, bit for bit or to a stated
// bound, and the gradient against central differences of the reference in f64, with the gradient's kernels checked like any
// other's (the side-by-side check is llm.c's, one op with all its versions in one place).

import { UnweaveError } from './errors';
import type { Data } from './graph/data';
import type { Executor } from './graph/executor';
import { gradient } from './graph/gradient';
import { ReferenceDevice } from './graph/reference';
import type { Rule } from './graph/rule';
import { ancestors } from './graph/schedule';
import { sizeOf } from './graph/shape';
import { constant, type Tensor, variable } from './graph/tensor';
import { mul } from './ops/binary';
import { sum } from './ops/sum';
import { type Block, threefry, uniformF } from './random/threefry';

export interface OpCase {
  readonly name: string;
  /** Constants that `build` is given. */
  readonly inputs: readonly Tensor[];
  /** A tensor that the op has a part in. An update is given variables that hold the inputs, and what it changes is compared. */
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** How many of the inputs, from the first, have a gradient: all f32 ones by default, 0 for none. */
  readonly differentiate?: number;
  /** The gradient is 0 everywhere here, and should be. */
  readonly flat?: boolean;
  /** Units in the last place that values may differ, of at least 1: 0, the same bits, by default. */
  readonly ulps?: number;
}

export interface CheckOptions {
  /** Whose kernels are compared with the reference. */
  readonly executor: Executor;
  /** What cases allow that do not say themselves: 0 by default. */
  readonly ulps?: number;
}

/** An op is not what its reference says, or its gradient not what differences say. */
export class CheckError extends UnweaveError {
  override readonly name = 'CheckError';
  readonly code = 'check';
}

/**
 * Checks a rule on cases. Throws CheckError, which names every case that fails, the entry and both values; and where a case does
 * not use the rule, since it then says nothing.
 */
export async function checkOp<Options>(
  rule: Rule<Options>,
  cases: readonly OpCase[],
  { executor, ulps = 0 }: CheckOptions,
): Promise<void> {
  if (cases.length === 0) throw new CheckError(`${rule.name}: there are no cases`);
  const problems: string[] = [];
  for (const each of cases) {
    try {
      await checkCase(rule, { ulps, ...each }, executor);
    } catch (error) {
      problems.push(`${rule.name}, ${each.name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  if (problems.length > 0) throw new CheckError(problems.join('\n'));
}

async function checkCase<Options>(rule: Rule<Options>, each: OpCase, executor: Executor): Promise<void> {
  const isUpdate = (rule.writes ?? []).length > 0;
  const inputs = isUpdate ? each.inputs.map(asVariable) : each.inputs;
  const built = each.build(...inputs);
  if (!uses(built, rule)) throw new CheckError(`the case makes no use of ${rule.name}`);
  const ulps = each.ulps ?? 0;
  if (isUpdate) return compareUpdate(built, inputs, each.inputs, executor, ulps);
  await compare('the value', built, executor, ulps);
  if (typeof rule.gradient !== 'function') return;
  const wanted = differentiable(each);
  if (wanted === 0) return;
  for (const [i, slope] of slopesOf(each, each.inputs).entries()) await compare(`gradient ${i}`, slope, executor, ulps);
  const problem = await slopeProblem(each);
  if (problem !== undefined) throw new CheckError(problem);
}

const uses = <Options>(tensor: Tensor, rule: Rule<Options>): boolean =>
  ancestors([tensor]).some(({ source }) => source.kind === 'operation' && source.operation.rule === rule);

const asVariable = (input: Tensor, i: number): Tensor => variable(`operand ${i + 1}`, input.shape, input.dtype);

function differentiable({ inputs, differentiate }: OpCase): number {
  if (differentiate !== undefined) return differentiate;
  const first = inputs.findIndex(({ dtype }) => dtype !== 'f32');
  return first < 0 ? inputs.length : first;
}

/** A loss that weights every entry differently, so that no error can cancel. */
const lossOf = (output: Tensor): Tensor =>
  sum(mul(output, constant(numbers(sizeOf(output.shape), 0.5, 1.5, 999), output.shape)));

const slopesOf = (each: OpCase, inputs: readonly Tensor[]): Tensor[] => [
  ...gradient(lossOf(each.build(...inputs)), inputs.slice(0, differentiable(each))),
];

/** Uniform numbers in [low, high), the same in every run. */
export function numbers(count: number, low: number, high: number, seed: number): Float32Array {
  const key: Block = [seed, 77];
  return Float32Array.from({ length: count }, (_, i) => low + (high - low) * uniformF(threefry(key, [i, 0])[0]));
}

/** Throws CheckError where the executor's values of a tensor are not the reference's. */
async function compare(what: string, tensor: Tensor, executor: Executor, ulps: number): Promise<void> {
  using reference = new ReferenceDevice();
  const { value: expected } = await reference.evaluate({ value: tensor });
  const { value: found } = await executor.evaluate({ value: tensor });
  compareValues(what, expected, found, ulps);
}

function compareValues(what: string, expected: Data, found: Data, ulps: number): void {
  if (expected.length !== found.length)
    throw new CheckError(`${what} has ${found.length} entries, not ${expected.length}`);
  const wrong = expected.findIndex((value, at) => !agrees(value, found[at], ulps));
  if (wrong >= 0)
    throw new CheckError(`${what}, entry ${wrong}, is ${found[wrong]}; the reference gives ${expected[wrong]}`);
}

/** The same number, the sign of 0 included, or both no number; or, where `ulps` allows it, near enough. */
export const agrees = (expected: number, value: number, ulps: number): boolean =>
  Object.is(expected, value) ||
  (ulps > 0 && Math.abs(expected - value) <= ulps * 2 ** -23 * Math.max(1, Math.abs(expected)));

/** Applies an update twice on both executors, and compares every operand. */
async function compareUpdate(
  update: Tensor,
  variables: readonly Tensor[],
  values: readonly Tensor[],
  executor: Executor,
  ulps: number,
): Promise<void> {
  const after = async (where: Executor): Promise<Data[]> => {
    for (const [i, each] of variables.entries()) {
      const { source } = values[i];
      if (source.kind !== 'constant') throw new CheckError(`operand ${i + 1} of an update's case must be a constant`);
      where.write(each, source.data);
    }
    using program = await where.compile({ outputs: {}, updates: [update] });
    await program.run(2);
    return Promise.all(variables.map((each) => (each.dtype === 'u32' ? where.readIntegers(each) : where.read(each))));
  };
  using reference = new ReferenceDevice();
  const expected = await after(reference);
  const found = await after(executor);
  for (const [i, each] of expected.entries()) compareValues(`operand ${i + 1} after two updates`, each, found[i], ulps);
}

/** The step of the differences: references round to f32, so a smaller one would measure the rounding. */
const H = 2 ** -8;
/** What the differences' own error may be, of the slope's size: the third derivative times H^2. */
const TOLERANCE = 2e-3;
/** What rounding adds, of the loss's size. */
const ROUNDING = (8 * 2 ** -24) / H;

/** What is wrong with the slope of the loss along a direction, against the difference of its values, in f64. */
async function slopeProblem(each: OpCase): Promise<string | undefined> {
  const wanted = differentiable(each);
  const inputs = each.inputs.map(asVariable);
  using device = new ReferenceDevice(Float64Array);
  const slopes = slopesOf(each, inputs);
  const outputs = Object.fromEntries([
    ['loss', lossOf(each.build(...inputs))],
    ...slopes.map((slope, i) => [`d${i}`, slope]),
  ]);
  using program = await device.compile({ outputs });
  const values = each.inputs.map(({ source }) => (source.kind === 'constant' ? source.data : Float32Array.of()));
  const directions = inputs.map(({ shape }, i) => numbers(sizeOf(shape), -1, 1, 500 + i));
  const lossAt = async (shift: number): Promise<number> => {
    for (const [i, input] of inputs.entries()) {
      const moved = i < wanted ? Float64Array.from(values[i], (x, at) => x + shift * directions[i][at]) : values[i];
      device.write(input, moved);
    }
    await program.run();
    return (await program.readExact('loss'))[0];
  };
  const [above, below] = [await lossAt(H), await lossAt(-H)];
  const difference = (above - below) / (2 * H);
  const size = Math.abs(await lossAt(0));
  let slope = 0;
  let scale = 0;
  for (const [i, direction] of directions.slice(0, wanted).entries()) {
    const found = await program.readExact(`d${i}`);
    for (const [at, toward] of direction.entries()) {
      slope += found[at] * toward;
      scale += Math.abs(found[at] * toward);
    }
  }
  if (each.flat !== true && !(scale > 0)) return 'the gradient is 0 everywhere; say `flat` if it should be';
  if (each.flat === true && scale > 0) return 'the gradient should be 0 everywhere, and is not';
  if (Math.abs(difference - slope) <= TOLERANCE * scale + ROUNDING * size) return undefined;
  return `the gradient gives a slope of ${slope}, differences give ${difference}`;
}
