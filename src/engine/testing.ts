// `import { checkOp } from 'unweave/testing'`: the test of an op, this repository's own and yours: an executor's kernels against the reference, bit for bit or to a stated
// bound, and the gradient against central differences of the reference in f64, with the gradient's kernels checked like any
// other's (the side-by-side check is llm.c's, one op with all its versions in one place).

import { UnweaveError } from './errors';
import type { Data } from './graph/data';
import { type Executor, readAs, withProgram } from './graph/executor';
import { gradient } from './graph/gradient';
import type { Rule } from './graph/rule';
import { ancestors } from './graph/schedule';
import { sizeOf } from './graph/shape';
import { constant, type Tensor, variable } from './graph/tensor';
import { add, mul } from './ops/binary';
import { sum } from './ops/sum';
import { type Block, threefry, uniformF } from './random/threefry';
import { ReferenceDevice } from './reference/device';

/** A case of an op: operands, and how it is built from them. */
export interface OpCase {
  readonly name: string;
  /** Constants: the values of what `build` is given. */
  readonly inputs: readonly Tensor[];
  /**
   * A tensor that the op has a part in, of variables that hold the inputs; called several times, and to give the same each time. Of
   * an update, what it changes is compared.
   */
  readonly build: (...inputs: Tensor[]) => Tensor;
  /** How many of the inputs, from the first, have a gradient: all f32 ones by default, 0 for none. */
  readonly differentiate?: number;
  /** The gradient is 0 everywhere here, and should be. */
  readonly flat?: boolean;
  /** Units in the last place that values may differ, of at least 1: 0, the same bits, by default. */
  readonly ulps?: number;
}

/** Where, and how strictly, an op is checked. */
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
  const inputs = each.inputs.map(asVariable);
  const built = each.build(...inputs);
  if (!uses(built, rule)) throw new CheckError(`the case makes no use of ${rule.name}`);
  const ulps = each.ulps ?? 0;
  if ((rule.writes ?? []).length > 0) return compareUpdate(built, inputs, each, executor, ulps);
  const wanted = typeof rule.gradient === 'function' ? wantedOf(each) : [];
  const outputs: Record<string, Tensor> = { value: built };
  for (const [i, slope] of slopesOf(each, inputs, wanted).entries()) outputs[`gradient ${wanted[i]}`] = slope;
  await compare(outputs, inputs, each, executor, ulps);
  if (wanted.length === 0) return;
  const problem = await slopeProblem(each, wanted);
  if (problem !== undefined) throw new CheckError(problem);
}

const uses = <Options>(tensor: Tensor, rule: Rule<Options>): boolean =>
  ancestors([tensor]).some(({ source }) => source.kind === 'operation' && source.operation.rule === rule);

const asVariable = (input: Tensor, i: number): Tensor => variable(`operand ${i + 1}`, input.shape, input.dtype);

/** Which inputs have a gradient: all f32 ones, or as many as the case says. */
function wantedOf({ inputs, differentiate }: OpCase): number[] {
  const floats = inputs.flatMap(({ dtype }, i) => (dtype === 'f32' ? [i] : []));
  return floats.slice(0, differentiate);
}

/**
 * A loss of two readers of the inputs, so that contributions are added up as they are in a network, which weights every entry
 * differently, so that no error can cancel.
 */
function lossOf({ build }: OpCase, inputs: readonly Tensor[]): Tensor {
  const weighted = (output: Tensor, seed: number) =>
    sum(mul(output, constant(numbers(sizeOf(output.shape), 0.5, 1.5, seed), output.shape)));
  return add(weighted(build(...inputs), 999), weighted(build(...inputs), 998));
}

const slopesOf = (each: OpCase, inputs: readonly Tensor[], wanted: readonly number[]): Tensor[] =>
  wanted.length === 0
    ? []
    : [
        ...gradient(
          lossOf(each, inputs),
          wanted.map((i) => inputs[i]),
        ),
      ];

/** Uniform numbers in [low, high), the same in every run. */
export function numbers(count: number, low: number, high: number, seed: number): Float32Array {
  const key: Block = [seed, 77];
  return Float32Array.from({ length: count }, (_, i) => low + (high - low) * uniformF(threefry(key, [i, 0])[0]));
}

/** The values of a case's inputs, which are constants. */
const valuesOf = ({ inputs }: OpCase): Data[] =>
  inputs.map(({ source }, i) => {
    if (source.kind !== 'constant') throw new CheckError(`input ${i + 1} of a case must be a constant`);
    return source.data;
  });

/** Throws CheckError where the executor's values of a graph, run twice over, are not the reference's. */
async function compare(
  outputs: Readonly<Record<string, Tensor>>,
  inputs: readonly Tensor[],
  each: OpCase,
  executor: Executor,
  ulps: number,
): Promise<void> {
  const found = async (where: Executor): Promise<Record<string, Data>> => {
    write(where, inputs, each);
    const values: Record<string, Data> = {};
    await withProgram(where, { outputs }, async (program) => {
      await program.run(2);
      for (const [name, { dtype }] of Object.entries(outputs)) values[name] = await readAs(program, name, dtype);
    });
    where.free(inputs);
    return values;
  };
  const reference = new ReferenceDevice();
  const [expected, computed] = [await found(reference), await found(executor)];
  for (const name of Object.keys(outputs)) compareValues(`the ${name}`, expected[name], computed[name], ulps);
}

function write(executor: Executor, inputs: readonly Tensor[], each: OpCase): void {
  for (const [i, data] of valuesOf(each).entries()) executor.write(inputs[i], data);
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
  (ulps > 0 && Math.abs(expected - value) <= ulps * 2 ** -23 * Math.max(1, Math.min(Math.abs(expected), 3.5e38)));

/** Applies an update twice on both executors, and compares every operand. */
async function compareUpdate(
  update: Tensor,
  variables: readonly Tensor[],
  each: OpCase,
  executor: Executor,
  ulps: number,
): Promise<void> {
  const after = async (where: Executor): Promise<Data[]> => {
    write(where, variables, each);
    await withProgram(where, { outputs: {}, updates: [update] }, (program) => program.run(2));
    const values: Data[] = [];
    for (const one of variables) values.push(await readAs(where, one, one.dtype));
    where.free(variables);
    return values;
  };
  const [expected, found] = [await after(new ReferenceDevice()), await after(executor)];
  for (const [i, one] of expected.entries()) compareValues(`operand ${i + 1} after two updates`, one, found[i], ulps);
}

/** The step of the differences: references round to f32, so a smaller one would measure the rounding. */
const H = 2 ** -8;
/** What the differences' own error may be, of the slope's size, besides what differences over twice the step say of it. */
const TOLERANCE = 2e-3;
/** What rounding adds, of the loss's size. */
const ROUNDING = (8 * 2 ** -24) / H;

/** What is wrong with the slopes of the loss along a direction, and at single entries, against differences of its values, in f64. */
async function slopeProblem(each: OpCase, wanted: readonly number[]): Promise<string | undefined> {
  const inputs = each.inputs.map(asVariable);
  const device = new ReferenceDevice(Float64Array);
  const outputs = Object.fromEntries([
    ['loss', lossOf(each, inputs)],
    ...slopesOf(each, inputs, wanted).map((slope, i) => [`d${i}`, slope]),
  ]);
  const program = await device.compile({ outputs });
  const values = valuesOf(each);
  const lossAt = async (shifts: readonly (readonly [input: number, direction: ArrayLike<number>])[], step: number) => {
    write(device, inputs, each);
    for (const [i, direction] of shifts)
      device.write(
        inputs[i],
        Float64Array.from(values[i], (x, at) => x + step * direction[at]),
      );
    await program.run();
    return (await program.readExact('loss'))[0];
  };
  const size = Math.abs(await lossAt([], 0));
  const slopes: Float64Array[] = [];
  for (const i of wanted.keys()) slopes.push(await program.readExact(`d${i}`));
  const scale = slopes.reduce((total, slope) => total + slope.reduce((sum, g) => sum + Math.abs(g), 0), 0);
  if (each.flat !== true && !(scale > 0)) return 'the gradient is 0 everywhere; say `flat` if it should be';
  if (each.flat === true && scale > 0) return 'the gradient should be 0 everywhere, and is not';

  const all = wanted.map((i) => [i, numbers(sizeOf(inputs[i].shape), -1, 1, 500 + i)] as const);
  const ones = wanted.flatMap((i) => someOf(sizeOf(inputs[i].shape)).map((at) => [[i, unit(i, at)] as const]));
  for (const shifts of [all, ...ones]) {
    const differenceOver = async (h: number) => ((await lossAt(shifts, h)) - (await lossAt(shifts, -h))) / (2 * h);
    const difference = await differenceOver(H);
    // Of a smooth function three times the error of the third derivative; of a kink nearby, about its share.
    const curvature = Math.abs(difference - (await differenceOver(2 * H)));
    let slope = 0;
    let weight = 0;
    for (const [i, direction] of shifts)
      for (const [at, g] of slopes[wanted.indexOf(i)].entries()) {
        slope += g * direction[at];
        weight += Math.abs(g * direction[at]);
      }
    const mean = scale / slopes.reduce((n, { length }) => n + length, 0);
    const allowed = TOLERANCE * Math.max(weight, mean) + ROUNDING * size + curvature;
    if (!(Math.abs(difference - slope) <= allowed))
      return `the gradient gives a slope of ${slope}${shifts === all ? '' : ` at an entry of operand ${shifts[0][0] + 1}`}, differences give ${difference}`;
  }
  return undefined;

  function unit(i: number, at: number): Float64Array {
    const direction = new Float64Array(sizeOf(inputs[i].shape));
    direction[at] = 1;
    return direction;
  }
}

/** The first, the last, and two entries between. */
const someOf = (count: number): number[] => [
  ...new Set([0, Math.floor(count / 3), Math.floor((2 * count) / 3), count - 1]),
];
