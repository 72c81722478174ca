import { constant, Device, exp, matmul, mul, scalar, sum, type Tensor, variable } from '../../../src/engine';
import { openAdapter } from '../../../src/engine/device/adapter';

/** "no error", or the name and message of what `work` throws. */
async function said(work: () => Promise<unknown>): Promise<string> {
  return work().then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

const ones = (count: number): Tensor => constant(new Float32Array(count).fill(1), [count]);

/** What an error says when the device has gone, or a handle was disposed. */
export async function failures(_: null): Promise<Record<string, string>> {
  const device = await Device.open();
  const x = ones(8);
  const program = await device.compile({ outputs: { total: sum(x) } });
  program.dispose();
  const disposedProgram = await said(() => program.run());
  const again = await device.compile({ outputs: { total: sum(mul(x, x)) } });
  const heard: string[] = [];
  device.onLost((error) => heard.push(error.name));
  device.gpu.destroy();
  await device.gpu.lost;
  const lost = await said(() => again.run());
  await device.recover();
  const stale = await said(() => again.run());
  again.dispose();
  using anew = await device.compile({ outputs: { total: sum(mul(x, x)) } });
  await anew.run();
  const [recovered] = await anew.read('total');
  device.dispose();
  const disposedDevice = await said(() => device.compile({ outputs: { x } }));
  return { disposedProgram, lost, heard: heard.join(), stale, recovered: String(recovered), disposedDevice };
}

/** A program that does not fit: what is said, and what is held before and after. */
export async function exhaust(_: null) {
  using device = await Device.open({ memoryLimit: 2 ** 20 });
  const weights = variable('weights', [50_000]);
  device.write(weights, new Float32Array(50_000));
  const before = device.ledger;
  const large = await said(() => device.compile({ outputs: { y: exp(exp(ones(200_000))) } }));
  const after = device.ledger;
  using fits = await device.compile({ outputs: { y: exp(ones(1000)) } });
  await fits.run();
  const [value] = await fits.read('y');
  const beyond = await said(async () => {
    using other = await Device.open();
    await other.compile({ outputs: { y: exp(variable('huge', [2 ** 16, 2 ** 15])) } });
  });
  return { before, large, after, value, beyond };
}

/** Live buffers before a program, while it lives, and after: constants must go with it. */
export async function constantsGo(_: null): Promise<number[]> {
  using device = await Device.open();
  const before = device.ledger.live;
  const shared = ones(100);
  const first = await device.compile({ outputs: { y: exp(shared) } });
  const second = await device.compile({ outputs: { y: mul(shared, scalar(2)) } });
  const during = device.ledger.live;
  first.dispose();
  await second.run();
  const [value] = await second.read('y');
  second.dispose();
  return [before, during, device.ledger.live, value];
}

/** Computes on a device of the page's own, which stays open, and on two devices at once. */
export async function severalDevices(_: null) {
  const gpu = await (await openAdapter()).requestDevice();
  const adopted = Device.adopt(gpu);
  using other = await Device.open();
  const total = async (device: Device, factor: number): Promise<number> => {
    using program = await device.compile({ outputs: { total: sum(mul(ones(1000), scalar(factor))) } });
    await program.run();
    return (await program.read('total'))[0];
  };
  const totals = await Promise.all([total(adopted, 2), total(other, 3), total(adopted, 4)]);
  const description = adopted.adapter.architecture;
  const refused = await said(() => adopted.recover());
  adopted.dispose();
  const buffer = gpu.createBuffer({ size: 16, usage: GPUBufferUsage.MAP_READ | GPUBufferUsage.COPY_DST });
  gpu.queue.writeBuffer(buffer, 0, Float32Array.of(5));
  await buffer.mapAsync(GPUMapMode.READ);
  const [stillOpen] = new Float32Array(buffer.getMappedRange());
  gpu.destroy();
  return { totals, description, refused, stillOpen };
}

/** The same sum in a Worker that loads this page's script. */
export async function inWorker(_: null): Promise<number> {
  const script = `import('${location.origin}/page.js')
    .then(() => globalThis.unweave.sumOfOnes(1000))
    .then((value) => postMessage(value), (error) => postMessage(String(error)));`;
  const worker = new Worker(URL.createObjectURL(new Blob([script], { type: 'text/javascript' })), { type: 'module' });
  try {
    return await new Promise((resolve, reject) => {
      worker.onmessage = ({ data }) => (typeof data === 'number' ? resolve(data) : reject(new Error(String(data))));
      worker.onerror = ({ message }) => reject(new Error(message));
    });
  } finally {
    worker.terminate();
  }
}

export async function sumOfOnes(count: number): Promise<number> {
  using device = await Device.open();
  using program = await device.compile({ outputs: { total: sum(ones(count)) } });
  await program.run();
  return (await program.read('total'))[0];
}

/** Aborts a run of about a minute after 300 ms: what is thrown, how long it took, and how far it had come. */
export async function abort(_: null) {
  using device = await Device.open();
  const a = variable('a', [1, 1024, 1024]);
  using program = await device.compile({ outputs: { c: matmul(a, a) } });
  const start = performance.now();
  let share = 0;
  const signal = AbortSignal.timeout(300);
  const message = await said(() => program.run(100, { signal, onProgress: (done) => (share = done) }));
  return { message, ms: performance.now() - start, share, dispatches: program.dispatches, submits: program.submits };
}

/** A profile of two kernels, and the measures it leaves for the browser's tools. */
export async function profiled(_: null) {
  using device = await Device.open();
  using program = await device.compile({ outputs: { total: sum(exp(variable('x', [100_000]))) } });
  await program.run();
  const entries = await program.profile();
  const measures = performance.getEntriesByType('measure').map(({ name }) => name);
  return { entries, measures };
}
