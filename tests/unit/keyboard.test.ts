// What a person at a keyboard writes: numbers as operands, axes from the end, matrices without replicas, names, descriptions.

import { expect, test, vi } from 'vitest';
import {
  AdapterError,
  add,
  argmax,
  assign,
  clip,
  concat,
  constant,
  cumulativeSum,
  Device,
  defineOp,
  describe,
  type Executor,
  equal,
  type Graph,
  gradient,
  increment,
  leakyRelu,
  less,
  linear,
  matmul,
  max,
  mean,
  min,
  mul,
  named,
  permute,
  pow,
  ReferenceDevice,
  type Rule,
  relu,
  reshape,
  type Shape,
  stack,
  stopGradient,
  sub,
  sum,
  type Tensor,
  variable,
  view,
  where,
} from '../../src/engine';
import { checkOp } from '../../src/engine/testing';

async function valuesOf(y: Tensor): Promise<number[]> {
  using device = new ReferenceDevice();
  return Array.from((await device.evaluate({ y })).y);
}

const x = constant([1, -2, 3, 4, 5, -6], [2, 3]);

test.each([
  ['a number on either side', () => sub(1, mul(x, 2)), [-1, 5, -5, -7, -9, 13]],
  ['the last axis', () => sum(x, [-1]), [2, 3]],
  ['the last but one', () => mean(x, [-2]), [2.5, 1.5, -1.5]],
  ['no axis', () => sum(x, []), [1, -2, 3, 4, 5, -6]],
  ['largest and smallest', () => stack([max(x, [1]), min(x, [1])], -1), [3, -2, 5, -6]],
  ['joined at the end', () => concat([x, x], -1), [1, -2, 3, 1, -2, 3, 4, 5, -6, 4, 5, -6]],
  ['axes exchanged from the end', () => permute(x, [-1, -2]), [1, 4, -2, 5, 3, -6]],
  ['where, by a comparison', () => where(less(x, 0), 0, x), [1, 0, 3, 4, 5, 0]],
  ['equal', () => equal(x, 3), [0, 0, 1, 0, 0, 0]],
  ['clip', () => clip(x, -1, 3), [1, -1, 3, 3, 3, -1]],
  ['powers', () => pow(x, 2), [1, 4, 9, 16, 25, 36]],
  ['leaky', () => leakyRelu(x, 0.5), [1, -1, 3, 4, 5, -3]],
  ['running sums', () => cumulativeSum(x, 0), [1, -2, 3, 5, 3, -3]],
  ['the place of the largest', () => argmax(x), [2, 1]],
  ['two matrices', () => matmul(x, constant([1, 0, 2], [3, 1])), [7, -8]],
  ['a layer', () => linear(x, constant([1, 1, 1], [3, 1]), constant([1])), [3, 4]],
] as [string, () => Tensor, number[]][])('%s', async (_, build, expected) =>
  expect(await valuesOf(build())).toEqual(expected),
);

test.each([
  ['an axis that is not there', () => sum(x, [-3]), 'sum: there is no axis -3; got [2, 3]'],
  ['an axis twice', () => mean(x, [1, -1]), 'mean: axes [1, -1] name one twice'],
  ['bounds in the wrong order', () => clip(x, 1, 0), 'clip: the lower bound 1 is above the upper bound 0'],
  ['a slope that is none', () => leakyRelu(x, Number.NaN), 'leakyRelu: the slope must be a number'],
  ['parts of two shapes', () => stack([x, constant([1])]), 'stack: takes one or more tensors of one shape'],
  [
    'an update as an operand',
    () => add(increment(variable('n', [1], 'u32')), 1),
    'operand 1 is the update increment, not a value',
  ],
  [
    'an update as an operand, as a view',
    () => relu(reshape(assign(variable('v', [4]), constant([1, 2, 3, 4])), [2, 2])),
    'operand 1 is the update assign, not a value',
  ],
])('%s is refused', (_, build, message) => expect(build).toThrow(message));

test('updates are listed once, where they belong', async () => {
  using device = new ReferenceDevice();
  const v = variable('v', [2]);
  const update = assign(v, mul(v, 2));
  await expect(device.compile({ outputs: { update } })).rejects.toThrow('output update is an update');
  await expect(device.compile({ outputs: {}, updates: [mul(v, 2)] })).rejects.toThrow('update 0 changes nothing');
  await expect(device.compile({ outputs: {}, updates: [update, update] })).rejects.toThrow('listed twice');
});

test('names go into errors, and views have the name of what they show', () => {
  const hidden = named(relu(x), 'hidden');
  expect(() => matmul(hidden, variable('weights', [4, 2]))).toThrow(/\(operand 1 is hidden, operand 2 is weights\)$/);
  expect(() => matmul(x, constant([1], [1, 1]))).toThrow(/and \[1, 1, 1\]$/);
});

test('a gradient stops where it is told to, and a tensor behind it that is wanted all the same has none', async () => {
  const w = variable('w', [2]);
  const y = mul(stopGradient(w), w);
  using device = new ReferenceDevice();
  device.write(w, [3, 4]);
  const [slope] = gradient(sum(y), [w]);
  expect(Array.from((await device.evaluate({ slope })).slope)).toEqual([3, 4]);
  expect(() => gradient(sum(stopGradient(mul(w, 2))), [w])).toThrow(/no differentiable path/);
});

test('a graph is described: a line a tensor, or a picture', () => {
  const w = variable('w', [128]);
  const y = named(add(view(w, 64, [64]), 1), 'y');
  const lines = describe({ outputs: { y }, updates: [assign(w, mul(w, 2))] }).split('\n');
  expect(lines.length).toBe(6);
  expect(lines.find((line) => line.includes('binary y'))).toMatch(
    /^%3 binary y \[64\] \| %0 %1 \| binary_broadcast_vector 1x1x1 \| buffer \d+, kept \| output y$/,
  );
  expect(lines[5]).toMatch(/^%5 assign w? ?\[128\] \| %0 %4 \| strided_copy\/vector 1x1x1$/);
  const dot = describe({ outputs: { y } }, { format: 'dot' });
  expect(dot).toMatch(/^digraph \{\n/);
  expect(dot).toContain('"binary y [64]"');
});

test('without WebGPU the error says why, for a page to say in its own words', async () => {
  const problem = await Device.open().catch((error: unknown) => error);
  expect(problem).toBeInstanceOf(AdapterError);
  expect((problem as AdapterError).reason).toBe('no-api');
  vi.stubGlobal('isSecureContext', false);
  const insecure = await Device.open().catch((error: unknown) => error);
  vi.unstubAllGlobals();
  expect((insecure as AdapterError).reason).toBe('insecure-origin');
  vi.stubGlobal('navigator', { gpu: { requestAdapter: async () => null } });
  const none = await Device.open().catch((error: unknown) => error);
  vi.useFakeTimers();
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => new Promise(() => undefined) } });
  const asked = Device.open().catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(11_000);
  const mute = await asked;
  vi.useRealTimers();
  vi.unstubAllGlobals();
  expect([(none as AdapterError).reason, (mute as AdapterError).reason]).toEqual(['no-adapter', 'timeout']);
});

test('the reference lets others have their turn, so that an abort is heard and a page paints', async () => {
  using device = new ReferenceDevice();
  const a = variable('a', [1, 64, 64]);
  const steps = variable('steps', [1], 'u32');
  using program = await device.compile({ outputs: {}, updates: [assign(a, matmul(a, a)), increment(steps)] });
  let turns = 0;
  const ticking = setInterval(() => turns++, 1);
  const controller = new AbortController();
  setTimeout(() => controller.abort(), 150);
  await expect(program.run(1_000_000, { signal: controller.signal })).rejects.toThrow(/abort/i);
  clearInterval(ticking);
  expect(turns).toBeGreaterThan(1);
  const [made] = await device.readIntegers(steps);
  expect(made).toBeGreaterThan(0);
  // Runs asked for at once follow one another; disposing in the middle ends at a step's boundary.
  const both = Promise.all([program.run(2), program.run(3)]);
  await both;
  expect((await device.readIntegers(steps))[0]).toBe(made + 5);
  // A run that waits hears of its abort at once, and the next has its turn all the same.
  const first = program.run(40);
  const waiting = program.run(1_000_000, { signal: AbortSignal.timeout(20) });
  const third = program.run(1);
  await expect(waiting).rejects.toThrow(/timeout/i);
  await Promise.all([first, third]);
  expect((await device.readIntegers(steps))[0]).toBe(made + 46);
  const long = program.run(1_000_000);
  setTimeout(() => program.dispose(), 80);
  await expect(long).rejects.toThrow('this program was disposed');
});

/** y = x^2 with a mistake in one of its parts. */
const square = (mistake: 'none' | 'gradient' | 'shape' | 'values') =>
  defineOp<null>({
    name: 'mistaken',
    infer: ([{ shape }]) => ({ shape: mistake === 'shape' ? ([] as Shape) : shape, dtype: 'f32' }),
    kernels: () => ({ dispatches: [] }),
    gradient: ({ inputs: [of] }, upstream) => [() => mul(upstream, mul(of, mistake === 'gradient' ? 2.1 : 2))],
    reference([of], y) {
      for (let i = 0; i < y.data.length; i++) y.data[i] = of.data[i] ** 2;
    },
  });

test('checkOp sees a wrong gradient, wrong values, a case that says nothing, and a missing part', async () => {
  const { apply } = await import('../../src/engine');
  using executor = new ReferenceDevice();
  const check = (mistake: Parameters<typeof square>[0], options: { executor: Executor } = { executor }) => {
    const rule = square(mistake);
    return checkOp(
      rule,
      [{ name: 'three', inputs: [constant([1, 2, 3])], build: (of) => apply(rule, [of], null) }],
      options,
    );
  };
  await check('none');
  await expect(check('gradient')).rejects.toThrow(/^mistaken, three: the gradient gives a slope of/);
  // An executor whose values are one unit in the last place off.
  const off = Object.assign(Object.create(executor), {
    async compile(graph: Graph<string>) {
      const program = await executor.compile(graph);
      const read = async (name: string) => (await program.read(name)).map((v) => v * (1 + 2 ** -22));
      return { run: (n: number) => program.run(n), read, dispose: () => program.dispose() };
    },
  });
  await expect(check('none', { executor: off })).rejects.toThrow(/the value, entry 0, is 1\.0000002/);
  // A gradient that is wrong at one entry of a thousand, and one that only the second reader would add up.
  const many = constant(Float32Array.from({ length: 1000 }, (_, i) => 1 + i / 1000));
  const lying = (part: Partial<Rule<null>>) => {
    const rule = defineOp<null>({ ...square('none'), ...part });
    return checkOp(rule, [{ name: 'many', inputs: [many], build: (of) => apply(rule, [of], null) }], { executor });
  };
  await lying({});
  const mask = constant(Float32Array.from({ length: 1000 }, (_, i) => (i === 999 ? 0 : 1)));
  const atTheEnd = lying({ gradient: ({ inputs: [of] }, upstream) => [() => mul(upstream, mul(mul(of, 2), mask))] });
  await expect(atTheEnd).rejects.toThrow(/the gradient gives a slope of 0 at an entry of operand 1/);
  const rule = square('none');
  const idle = [{ name: 'idle', inputs: [constant([1])], build: (of: Tensor) => mul(of, 2) }];
  await expect(checkOp(rule, idle, { executor })).rejects.toThrow('makes no use of mistaken');
  await expect(checkOp(rule, [], { executor })).rejects.toThrow('there are no cases');
  expect(() => defineOp({ ...rule, reference: undefined } as never)).toThrow('mistaken needs reference, a function');
  expect(() => defineOp({ ...rule, gradient: undefined } as never)).toThrow(
    /mistaken needs a gradient, or \{ reason \}/,
  );
});
