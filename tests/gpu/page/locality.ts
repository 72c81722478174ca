// Failures that must stay where they are: runs that meet, aborts, disposals, refused commands, exhausted memory.

import {
  add,
  apply,
  assign,
  constant,
  Device,
  defineOp,
  exp,
  increment,
  input,
  type Kernel,
  matmul,
  mul,
  named,
  output,
  single,
  slice,
  type Tensor,
  variable,
} from '../../../src/engine';
import { openAdapter } from '../../../src/engine/device/adapter';

/** "no error", or the name and message of what `work` throws. */
async function said(work: () => Promise<unknown>): Promise<string> {
  return work().then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

/** Whether a device still computes. */
async function works(device: Device): Promise<number> {
  const { y } = await device.evaluate({ y: mul(constant([3]), 14) });
  return y[0];
}

/** A step that takes several submits, and two counters of its steps: one before, one after what takes long. */
function longStep() {
  const [before, after] = ['before', 'after'].map((name) => variable(name, [1], 'u32'));
  const a = variable('a', [1, 512, 512]);
  let product: Tensor = a;
  for (let i = 0; i < 6; i++) product = matmul(product, a);
  const held = variable('held', [1, 512, 512]);
  return {
    before,
    after,
    graph: { outputs: {}, updates: [increment(before), assign(held, product), increment(after)] },
  };
}

/** Two runs of one program, and of two programs over one variable, all at once: x = 2 x + 1 and x = 3 x do not commute. */
export async function meetingRuns(_: null) {
  using device = await Device.open();
  const x = variable('x', [1]);
  using one = await device.compile({ outputs: {}, updates: [assign(x, add(mul(x, 2), 1))] });
  using other = await device.compile({ outputs: {}, updates: [assign(x, mul(x, 3))] });
  using reader = await device.compile({ outputs: { y: mul(x, 1) } });
  device.write(x, [1]);
  await Promise.all([one.run(2), one.run(1), other.run(2), reader.run(), one.run(1), other.run(1)]);
  return { x: (await device.read(x))[0], seen: (await reader.read('y'))[0] };
}

/** Aborts in the middle of a step: both counters must say the same, and the run goes on from there. */
export async function abortBetweenSteps(_: null) {
  using device = await Device.open();
  const { before, after, graph } = longStep();
  using program = await device.compile(graph);
  const message = await said(() => program.run(1000, { signal: AbortSignal.timeout(400) }));
  const stopped = [(await device.readIntegers(before))[0], (await device.readIntegers(after))[0]];
  await program.run(1);
  return { message, stopped, resumed: (await device.readIntegers(after))[0] };
}

/** Disposes of a program, and of a device, in the middle of a run. */
export async function disposeWhileRunning(_: null) {
  using device = await Device.open();
  const free = device.ledger.live;
  const { before, after, graph } = longStep();
  const program = await device.compile(graph);
  const run = said(() => program.run(1000));
  const waiting = said(() => program.run(1));
  await new Promise((resolve) => setTimeout(resolve, 300));
  program.dispose();
  program.dispose();
  const ofProgram = [await run, await waiting];
  const counters = [(await device.readIntegers(before))[0], (await device.readIntegers(after))[0]];
  const answer = await works(device);
  const inputs = graph.updates.flatMap(({ inputs: operands }) => operands);
  device.free(inputs.filter(({ source }) => source.kind === 'variable'));
  const leaked = device.ledger.live - free;

  const doomed = await Device.open();
  const lastRun = await doomed.compile(longStep().graph);
  const ofDevice = said(() => lastRun.run(1000));
  await new Promise((resolve) => setTimeout(resolve, 300));
  doomed.dispose();
  return { ofProgram, counters, answer, leaked: leaked - 1, ofDevice: await ofDevice };
}

const kernel = (text: string): Kernel => ({ name: 'broken', text, uses: [] });

const brokenOp = (text: string, workgroups: [number, number, number] = [1, 1, 1]) =>
  defineOp<null>({
    name: 'broken',
    infer: ([x]) => x,
    kernels: () => ({
      dispatches: [
        {
          ...single({ kernel: kernel(text), sizes: [], slots: [input(0), output], threads: 1 }).dispatches[0],
          workgroups,
        },
      ],
    }),
    gradient: { reason: 'it is broken' },
    reference: ([x], y) => y.data.set(x.data),
  });

const HEAD = `@group(0) @binding(1) var<storage, read> x: array<f32>;
@group(0) @binding(2) var<storage, read_write> y: array<f32>;
`;

/** What the GPU refuses, each time with a device that must work on. */
export async function refusedCommands(_: null) {
  using device = await Device.open();
  const compiled = async (text: string, workgroups?: [number, number, number]) =>
    said(async () => {
      const x = named(exp(variable('x', [4])), 'hidden');
      using program = await device.compile({
        outputs: { y: named(apply(brokenOp(text, workgroups), [x], null), 'spoilt') },
      });
      await program.run();
    });
  const answers: Record<string, string> = {
    syntax: await compiled(`${HEAD}@compute @workgroup_size(64)\nfn main() { y[0] = x[0] + ; }`),
    types: await compiled(`${HEAD}@compute @workgroup_size(64)\nfn main() { y[0] = 1u; }`),
    bindings: await compiled(
      `${HEAD}@group(0) @binding(3) var<storage, read> z: array<f32>;\n@compute @workgroup_size(64)\nfn main() { y[0] = x[0] + z[0]; }`,
    ),
    workgroups: await compiled(`${HEAD}@compute @workgroup_size(64)\nfn main() { y[0] = x[0]; }`, [1, 65_536, 1]),
    group: await compiled(`${HEAD}@compute @workgroup_size(4096)\nfn main() { y[0] = x[0]; }`),
  };
  // A buffer that somebody destroyed is refused when it is used.
  const program = await device.compile({ outputs: { y: exp(variable('v', [4])) } });
  program.buffer('y').buffer.destroy();
  answers.run = await said(() => program.run());
  answers.read = await said(() => program.read('y'));
  answers.profile = await said(() => program.profile());
  const uncaptured = globalThis.uncaptured.length;
  return { answers, answer: await works(device), uncaptured };
}

/** A page's own mistakes with a device that is adopted. */
export async function pageErrors(_: null) {
  const gpu = await (await openAdapter()).requestDevice();
  using device = Device.adopt(gpu);
  using program = await device.compile({ outputs: { y: exp(variable('v', [4])) } });
  gpu.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.STORAGE });
  await gpu.queue.onSubmittedWorkDone();
  await program.run();
  const values = Array.from(await program.read('y'));
  // The page hears of its error, as it should.
  const heard = globalThis.uncaptured.splice(0).length;
  return { values, heard };
}

/** A GPU that says it has no memory for every buffer above `most` bytes, `times` times: scopes answer as a real one's would. */
function stingy(gpu: GPUDevice, most: number, times: number): void {
  const createBuffer = gpu.createBuffer.bind(gpu);
  const push = gpu.pushErrorScope.bind(gpu);
  const pop = gpu.popErrorScope.bind(gpu);
  const scopes: { filter: GPUErrorFilter; failed: boolean }[] = [];
  let left = times;
  gpu.pushErrorScope = (filter) => {
    scopes.push({ filter, failed: false });
    push(filter);
  };
  gpu.popErrorScope = async () => {
    const failed = scopes.pop()?.failed === true;
    const answer = await pop();
    return failed ? new GPUOutOfMemoryError('pretended') : answer;
  };
  gpu.createBuffer = (descriptor) => {
    if (descriptor.size > most && left > 0) {
      left--;
      const [scope] = scopes.filter(({ filter }) => filter === 'out-of-memory').slice(-1);
      if (scope !== undefined) scope.failed = true;
    }
    return createBuffer(descriptor);
  };
}

/** Memory that is not there: retried once after the pool was trimmed, then refused; what was made goes, and the device works on. */
export async function outOfMemory(_: null) {
  const large = () => exp(variable('small', [2 ** 16]));
  const attempt = async (times: number, pooled: boolean) => {
    using device = await Device.open();
    if (pooled) (await device.compile({ outputs: { y: large() } })).dispose();
    const before = device.ledger;
    stingy(device.gpu, 2 ** 17, times);
    const message = await said(async () => {
      using program = await device.compile({ outputs: { y: exp(exp(variable('v', [2 ** 18]))) } });
      await program.run();
      await program.read('y');
    });
    const { live, pooledBytes } = device.ledger;
    return { message, live: live - before.live, pooledBytes, answer: await works(device) };
  };
  const ofWrite = async () => {
    using device = await Device.open();
    stingy(device.gpu, 2 ** 17, 1);
    const v = variable('v', [2 ** 18]);
    device.write(v, new Float32Array(2 ** 18).fill(2));
    const first = await said(() => device.read(v));
    device.write(v, new Float32Array(2 ** 18).fill(2));
    return { first, second: (await device.read(v))[7] };
  };
  return {
    once: await attempt(1, true),
    always: await attempt(100, true),
    ofWrite: await ofWrite(),
  };
}

/**
 * Asks for one buffer of the largest size that the adapter says it binds, which the software adapter cannot give. (Many smaller
 * ones are no way to exhaust it: it goes on until the system kills its process.)
 */
export async function realExhaustion(_: null) {
  using device = await Device.open();
  const kept = variable('kept', [4]);
  device.write(kept, [1, 2, 3, 4]);
  const before = device.ledger.live;
  const huge = variable('huge', [device.gpu.limits.maxStorageBufferBindingSize / 4]);
  const message = await said(() => device.compile({ outputs: { one: slice(huge, [0], [1]) } }));
  device.write(kept, [5, 6, 7, 8]);
  const values = Array.from(await device.read(kept));
  return { message, live: device.ledger.live - before, values, answer: await works(device) };
}

/** A program of more dispatches than one query set has timestamps for. */
export async function longProfile(count: number) {
  using device = await Device.open();
  let x: Tensor = variable('x', [4]);
  for (let i = 0; i < count; i++) x = named(add(x, 1), `sum ${i}`);
  using program = await device.compile({ outputs: { x } });
  const entries = await program.profile();
  return { count: entries.length, last: entries[entries.length - 1].op, value: (await program.read('x'))[0] };
}
