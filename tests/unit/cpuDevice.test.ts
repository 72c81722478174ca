// The CPU executor's promises besides its bits: handles, memory and its account, runs that queue, abort, dispose and yield.

import { expect, test } from 'vitest';
import {
  add,
  apply,
  BusyError,
  call,
  constant,
  DisposedError,
  defineOp,
  increment,
  KernelError,
  MemoryError,
  matmul,
  mul,
  sum,
  type Tensor,
  variable,
} from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { Heap } from '../../src/engine/cpu/heap';
import { packed, packNames } from '../cases/aliasing';
import { handles, propagation } from '../cases/handles';
import { expectedHandles } from '../cases/handlesExpected';

test('data, reads, outputs and memory in use are as promised, as by the other executors', async () => {
  using device = await CpuDevice.open();
  expect(await handles(device)).toEqual(expectedHandles);
  const bits = await propagation(device);
  expect(bits.ofAll).toEqual([0x7fc00000]);
  const w = variable('w', [1]);
  using _program = await device.compile({ outputs: { w } });
  expect(() => device.free([w])).toThrow(BusyError);
});

test.each(packNames)('a pack is its parts: %s', async (name) => {
  using device = await CpuDevice.open();
  const { whole, parts } = await packed(device, name);
  expect(whole).toEqual(parts);
});

/** An op that has no kernel: its reference runs on views of the device's memory. */
const doubledRule = defineOp<null>({
  name: 'doubled',
  infer: ([x]) => x,
  kernels: () => ({ dispatches: [] }),
  gradient: { reason: 'a test' },
  reference([x], y) {
    for (const [i, value] of x.data.entries()) y.data[i] = 2 * value;
  },
});

test('an op without a kernel runs its reference, also after the memory has grown under it', async () => {
  using device = await CpuDevice.open();
  const x = variable('x', [3]);
  device.write(x, [1, 2, 3]);
  using program = await device.compile({ outputs: { y: add(apply(doubledRule, [x], null), x) } });
  await program.run();
  // 64 MiB: more than the memory has, so it grows, which takes every view of it away.
  device.write(variable('large', [2 ** 24]), new Float32Array(2 ** 24));
  device.write(x, [10, 20, 30]);
  await program.run();
  expect(Array.from(await program.read('y'))).toEqual([30, 60, 90]);
});

test('a kernel that is not there, or takes something else, is refused by the name of the op', async () => {
  using device = await CpuDevice.open();
  const broken = (kernel: string, ...numbers: number[]): Tensor =>
    apply(defineOp<null>({ ...doubledRule, cpu: () => call(kernel, ['output'], ...numbers) }), [constant([1])], null);
  for (const y of [broken('nonsense'), broken('heap'), broken('increment', 1)])
    await expect(device.compile({ outputs: { y } })).rejects.toThrow(KernelError);
  await expect(device.compile({ outputs: { y: broken('increment', 1) } })).rejects.toThrow(
    /^doubled \[1\]: .* increment/,
  );
  expect(device.ledger.live).toBe(0);
});

test('the account: programs and variables are in it by name, and what is given back is gone', async () => {
  using device = await CpuDevice.open();
  const w = variable('weights', [64, 64]);
  const shared = constant(new Float32Array(4096), [64, 64]);
  const first = await device.compile({ outputs: { y: matmul(w, shared) } });
  const second = await device.compile({ outputs: { z: add(w, shared) } });
  const names = () => device.ledger.holders.map(({ name }) => name);
  expect(names()).toEqual(expect.arrayContaining(['variable weights', 'constant [64, 64]', 'program y', 'program z']));
  first.dispose();
  expect(names()).toContain('constant [64, 64]');
  second.dispose();
  second.dispose();
  expect(names()).toEqual(['variable weights']);
  device.free([w]);
  const { live, liveBytes, pooled, peakBytes } = device.ledger;
  expect({ live, liveBytes, pooled }).toEqual({ live: 0, liveBytes: 0, pooled: 1 });
  expect(peakBytes).toBeGreaterThan(3 * 4 * 4096);
});

test('a hundred trainings in a row leave the memory as it was', async () => {
  using device = await CpuDevice.open();
  const once = async () => {
    const w = variable('w', [100, 100]);
    const program = await device.compile({ outputs: { y: sum(matmul(w, w)) } });
    await program.run(2);
    program.dispose();
    device.free([w]);
  };
  await once();
  const { pooledBytes } = device.ledger;
  for (let i = 0; i < 100; i++) await once();
  expect(device.ledger).toMatchObject({ live: 0, pooled: 1, pooledBytes });
});

test('beyond its limit it says who holds the memory, frees what it took, and works on', async () => {
  using device = await CpuDevice.open({ memoryLimit: 2 ** 20 });
  const small = variable('small', [1024]);
  device.write(small, new Float32Array(1024).fill(1));
  const large = variable('large', [2 ** 19]);
  expect(() => device.write(large, new Float32Array(2 ** 19))).toThrow(MemoryError);
  const program = device.compile({ outputs: { y: add(large, 1) } });
  await expect(program).rejects.toThrow(/program y asked for 2\.0 MiB.*variable small/s);
  expect(device.ledger.holders).toEqual([{ name: 'variable small', bytes: 4096 }]);
  const { total } = await device.evaluate({ total: sum(small) });
  expect(total[0]).toBe(1024);
});

test('more than 4 GiB is a MemoryError, not a crash', async () => {
  using device = await CpuDevice.open();
  const vast = variable('vast', [2 ** 16, 2 ** 15]);
  await expect(device.compile({ outputs: { y: add(vast, 1) } })).rejects.toThrow(MemoryError);
  const { two } = await device.evaluate({ two: add(constant([1]), 1) });
  expect(two[0]).toBe(2);
});

test('the heap: the smallest block that fits, neighbours merge, and nothing overlaps in 2,000 moves', () => {
  const heap = new Heap(new WebAssembly.Memory({ initial: 1 }), 100, Number.POSITIVE_INFINITY);
  const held = new Map<number, number>();
  let state = 1;
  const below = (n: number) => {
    state = (state * 48271) % 2147483647;
    return state % n;
  };
  for (let move = 0; move < 2000; move++) {
    if (held.size > 0 && below(5) < 2) {
      const at = [...held.keys()][below(held.size)];
      heap.give(at);
      heap.give(at);
      held.delete(at);
    } else {
      const bytes = 1 + below(5000);
      const at = heap.take(bytes, 'a test');
      expect([at % 64, at >= 100, at + bytes <= heap.memory.buffer.byteLength - 64]).toEqual([0, true, true]);
      for (const [other, size] of held) expect(at + bytes <= other || other + size <= at).toBe(true);
      held.set(at, bytes);
    }
  }
  for (const at of held.keys()) heap.give(at);
  expect(heap.ledger).toMatchObject({ live: 0, liveBytes: 0, pooled: 1 });
});

/** A step of about 10 ms. */
async function slow(device: CpuDevice) {
  const x = variable('x', [512, 512]);
  const counter = variable('counter', [1], 'u32');
  const program = await device.compile({ outputs: { y: matmul(x, x) }, updates: [increment(counter)] });
  const steps = async () => (await device.readIntegers(counter))[0];
  return { program, steps };
}

test('it lets others have their turn, so that a page paints', async () => {
  using device = await CpuDevice.open();
  const { program } = await slow(device);
  let turns = 0;
  const timer = setInterval(() => turns++, 1);
  await program.run(60);
  clearInterval(timer);
  expect(turns).toBeGreaterThan(3);
});

test('an abort ends at the boundary of a step, and the next run goes on from there', async () => {
  using device = await CpuDevice.open();
  const { program, steps } = await slow(device);
  const abort = new AbortController();
  const running = program.run(10_000, { signal: abort.signal });
  setTimeout(() => abort.abort(new Error('enough')), 100);
  await expect(running).rejects.toThrow('enough');
  const done = await steps();
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(10_000);
  await program.run(2);
  expect(await steps()).toBe(done + 2);
});

test('disposing in the middle rejects the run, and everything else works on', async () => {
  using device = await CpuDevice.open();
  const { program } = await slow(device);
  const other = await slow(device);
  const running = program.run(10_000);
  const queued = program.run(1);
  const next = other.program.run(1);
  setTimeout(() => program.dispose(), 60);
  await expect(running).rejects.toThrow(DisposedError);
  await expect(queued).rejects.toThrow(DisposedError);
  await next;
  expect(await other.steps()).toBe(1);
  expect(device.ledger.holders.filter(({ name }) => name === 'program y').length).toBe(1);
  await expect(program.run()).rejects.toThrow(DisposedError);
});

test('a device that is disposed in the middle of a run rejects it; another device is untouched', async () => {
  const device = await CpuDevice.open();
  using another = await CpuDevice.open();
  const { program } = await slow(device);
  const running = program.run(10_000);
  setTimeout(() => device.dispose(), 60);
  await expect(running).rejects.toThrow(DisposedError);
  device.dispose();
  expect(() => device.write(variable('x', [1]), [1])).toThrow(DisposedError);
  program.dispose();
  const { y } = await another.evaluate({ y: mul(constant([3]), 2) });
  expect(y[0]).toBe(6);
});

test('runs of two programs over one variable queue: no update is lost', async () => {
  using device = await CpuDevice.open();
  const counter = variable('counter', [1], 'u32');
  const [a, b] = [
    await device.compile({ outputs: {}, updates: [increment(counter)] }),
    await device.compile({ outputs: {}, updates: [increment(counter)] }),
  ];
  await Promise.all([a.run(1000), b.run(500), a.run(7)]);
  expect((await device.readIntegers(counter))[0]).toBe(1507);
});

test("a program that is disposed while its run waits gives its memory back once, not what is another program's by then", async () => {
  using device = await CpuDevice.open();
  const busy = await slow(device);
  const shared = constant(new Float32Array(4096).fill(2), [64, 64]);
  const sized = (value: number) => device.compile({ outputs: { z: add(mul(shared, value), shared) } });
  const first = await sized(1);
  const running = busy.program.run(30);
  const waiting = first.run(1);
  const twice = first.run(1);
  first.dispose();
  const second = sized(10);
  await expect(waiting).rejects.toThrow(DisposedError);
  await expect(twice).rejects.toThrow(DisposedError);
  await running;
  const [b, c] = [await second, await sized(100)];
  await b.run();
  await c.run();
  expect([(await b.read('z'))[5], (await c.read('z'))[5]]).toEqual([22, 202]);
  expect(device.ledger.holders.find(({ name }) => name === 'constant [64, 64]')).toBeDefined();
});

test('a compilation that fails leaves no variable of its own behind; one that waits on a disposed device is refused', async () => {
  const device = await CpuDevice.open({ memoryLimit: 2 ** 20 });
  const [a, b] = ['a', 'b'].map((name) => variable(name, [150_000]));
  await expect(device.compile({ outputs: { y: sum(mul(a, b)) } })).rejects.toThrow(MemoryError);
  expect(device.ledger).toMatchObject({ live: 0, liveBytes: 0 });
  const small = variable('x', [64, 64]);
  const program = await device.compile({ outputs: { y: matmul(small, small) } });
  const running = program.run(100_000);
  const compiling = device.compile({ outputs: { y: add(small, 1) } });
  device.dispose();
  await expect(running).rejects.toThrow(DisposedError);
  await expect(compiling).rejects.toThrow(DisposedError);
});
