// The host that is this process and its threads: each has a CpuDevice of its own and does one piece of work at a time. The work is
// never in the main thread, so that a signal is answered at once, and progress shown, whatever is being computed.

import { availableParallelism, cpus } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { type AdapterDescription, InputError } from '../../engine';
import { CommandError, exitCodes } from '../errors';
import { afterwards, interruption, type Resume } from '../interruption';
import type { Channel, InputOf, OutputOf, WorkName } from '../work';
import type { Host, HostOptions } from './host';
import type { FromThread, ToThread } from './protocol';

/** What a CPU is called where adapters are. */
export const cpuDescription = (): AdapterDescription => ({
  vendor: 'cpu',
  architecture: process.arch,
  description: cpus()[0]?.model.trim() ?? '',
  software: false,
  features: [],
  limits: {},
});

/** As many threads as there are cores that this process may use. */
export const defaultThreads = (): number => availableParallelism();

export interface ThreadOptions extends HostOptions {
  /** Why here. */
  readonly why: string;
}

/** Calls `work` with threads that compute. Throws a CommandError where a thread ends by itself, or a signal comes. */
export async function withThreads<T>(options: ThreadOptions, work: (host: Host) => Promise<T>): Promise<T> {
  const resume = options.resume ?? (() => undefined);
  const interrupt = interruption(resume);
  const threads = options.threads ?? defaultThreads();
  const pool = new Pool(threads, resume);
  const adapter = cpuDescription();
  const many = `${threads} thread${threads === 1 ? '' : 's'}`;
  try {
    const done = work({
      kind: 'cpu',
      adapter,
      says: `CPU, ${many} (${adapter.description}): ${options.why}`,
      versions: {},
      threads,
      run: (name, input, channel) => pool.run(name, input, channel),
    });
    done.catch(() => undefined);
    return await Promise.race([done, interrupt.promise]);
  } finally {
    interrupt.stop();
    await pool.close();
  }
}

class Pool {
  private readonly idle: Worker[] = [];
  private readonly all = new Set<Worker>();
  private readonly waiting: ((worker: Worker) => void)[] = [];
  private closed = false;

  constructor(
    private readonly most: number,
    private readonly resume: Resume,
  ) {}

  async run<Name extends WorkName>(name: Name, input: InputOf<Name>, channel: Channel): Promise<OutputOf<Name>> {
    const worker = await this.take();
    const result = await this.answered(worker, name, input, channel);
    this.give(worker);
    return result as OutputOf<Name>;
  }

  async close(): Promise<void> {
    // Work that a signal has ended may go on to its next piece: it gets no thread any more.
    this.closed = true;
    await Promise.all([...this.all].map((worker) => worker.terminate()));
  }

  private take(): Worker | Promise<Worker> {
    if (this.closed) return new Promise(() => undefined);
    const free = this.idle.pop();
    if (free !== undefined) return free;
    if (this.all.size >= this.most) return new Promise((resolve) => this.waiting.push(resolve));
    const worker = new Worker(join(import.meta.dirname, 'thread.js'));
    this.all.add(worker);
    return worker;
  }

  private give(worker: Worker): void {
    const next = this.closed ? undefined : this.waiting.shift();
    if (next === undefined) this.idle.push(worker);
    else next(worker);
  }

  /** What a thread makes of a piece of work; meanwhile it may ask the channel. A thread whose work failed is not used again. */
  private answered(worker: Worker, name: WorkName, input: unknown, channel: Channel): Promise<unknown> {
    /** The first error of the channel, of which the thread can only tell. */
    let failure: unknown;
    return new Promise((resolve, reject) => {
      const send = (message: ToThread) => worker.postMessage(message);
      const asked = async (id: number, answer: () => Promise<unknown>): Promise<void> => {
        try {
          send({ kind: 'answer', id, value: await answer() });
        } catch (error) {
          failure ??= error;
          send({ kind: 'answer', id, problem: error instanceof Error ? error.message : String(error) });
        }
      };
      const heard = (message: FromThread): void => {
        if (message.kind === 'progress') channel.progress(message.stage, message.share);
        else if (message.kind === 'read')
          void asked(message.id, () => channel.read(message.name, message.offset, message.length));
        else if (message.kind === 'write') void asked(message.id, () => channel.write(message.name, message.bytes));
        else {
          end();
          if (message.kind === 'done') resolve(message.value);
          else if (failure !== undefined) reject(failure);
          else if (message.error.name === 'InputError') reject(new InputError(message.error.message));
          else reject(new Error(message.error.message));
        }
      };
      const failed = (error: Error): void => {
        end();
        reject(new CommandError(`A thread failed: ${error.message}`, exitCodes.failed, afterwards(this.resume)));
      };
      const ended = (code: number): void => {
        end();
        reject(new CommandError(`A thread ended by itself (${code}).`, exitCodes.failed, afterwards(this.resume)));
      };
      const end = (): void => {
        worker.off('message', heard).off('error', failed).off('exit', ended);
      };
      worker.on('message', heard).on('error', failed).on('exit', ended);
      send({ kind: 'run', name, input });
    });
  }
}
