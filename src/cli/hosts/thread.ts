// A thread of the host of threads: does the work it is told, on a CpuDevice, and speaks with the main thread meanwhile.

import { parentPort } from 'node:worker_threads';
import { CpuDevice } from '../../engine/cpu';
import { type Channel, type WorkName, works } from '../work';
import type { FromThread, ToThread } from './protocol';
import { cpuDescription } from './threads';

type Asked = (answer: { readonly value?: unknown; readonly problem?: string }) => void;

const pending = new Map<number, Asked>();
let asked = 0;

const tell = (message: FromThread): void => parentPort?.postMessage(message);

/** What the main thread answers. */
function ask(message: (id: number) => FromThread): Promise<unknown> {
  const id = asked++;
  return new Promise((resolve, reject) => {
    pending.set(id, ({ value, problem }) => (problem === undefined ? resolve(value) : reject(new Error(problem))));
    tell(message(id));
  });
}

const channel: Channel = {
  progress: (stage, share) => tell({ kind: 'progress', stage, share }),
  read: (name, offset, length) =>
    ask((id) => ({ kind: 'read', id, name, offset, length })) as Promise<Uint8Array<ArrayBuffer>>,
  // A copy: what it is a view of may be used again.
  write: async (name, bytes) => void (await ask((id) => ({ kind: 'write', id, name, bytes: Uint8Array.from(bytes) }))),
};

const machine = { adapter: cpuDescription(), open: () => CpuDevice.open() };

async function run(name: WorkName, input: unknown): Promise<void> {
  const work = works[name] as (given: typeof machine, input: unknown, channel: Channel) => Promise<unknown>;
  try {
    // As from a page: what has no place in JSON is the same everywhere.
    tell({ kind: 'done', value: overJson(await work(machine, input, channel)) });
  } catch (error) {
    const { name: kind, message } = error instanceof Error ? error : { name: 'Error', message: String(error) };
    tell({ kind: 'failed', error: { name: kind, message } });
  }
}

const overJson = (value: unknown): unknown => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)));

parentPort?.on('message', (message: ToThread) => {
  if (message.kind === 'run') {
    void run(message.name, message.input);
    return;
  }
  pending.get(message.id)?.(message);
  pending.delete(message.id);
});
