// Encoding and submitting: commands in order, as many to a submit as take about 50 ms. Enough to hide what a submit costs;
// few enough to keep a page responsive, to stop soon when asked, and to stay far from the two seconds after which some
// systems reset the GPU. No single dispatch takes longer: plans split what would.

import { DeviceLostError } from '../errors';
import type { RunOptions } from '../graph/executor';

/** One dispatch, ready to encode. */
export interface Command {
  readonly op: string;
  readonly kernel: string;
  readonly pipeline: GPUComputePipeline;
  readonly bindGroup: GPUBindGroup;
  readonly workgroups: readonly [number, number, number];
}

const TARGET_MS = 50;
const FIRST_SUBMIT = 16;
const LARGEST_SUBMIT = 2000;
const SUBMITS_AHEAD = 2;

export class Replay {
  /** Dispatches to a submit; learnt from how long they take, and kept between runs. */
  private perSubmit = FIRST_SUBMIT;
  /** Submits made so far: what a test or a benchmark counts. */
  submits = 0;

  constructor(
    private readonly device: GPUDevice,
    private readonly commands: readonly Command[],
  ) {}

  /** Runs all commands `steps` times; resolves when the last has run. Throws the signal's reason when it is aborted. */
  async run(steps: number, { signal, onProgress }: RunOptions): Promise<void> {
    const total = steps * this.commands.length;
    const ahead: Promise<void>[] = [];
    let lastDone = performance.now();
    const submit = (from: number, count: number): Promise<void> => {
      const submitted = performance.now();
      this.submit(from, count);
      const done = this.device.queue.onSubmittedWorkDone().then(
        () => {
          const now = performance.now();
          this.learn(count, now - Math.max(lastDone, submitted));
          lastDone = now;
          onProgress?.((from + count) / total);
        },
        (cause) => {
          throw new DeviceLostError(`The GPU device was lost while it computed: ${String(cause)}`, { cause });
        },
      );
      // Of several that fail together, one is waited for.
      done.catch(() => undefined);
      return done;
    };
    for (let next = 0; next < total; ) {
      signal?.throwIfAborted();
      const count = Math.min(this.wholeSteps(), total - next);
      ahead.push(submit(next, count));
      next += count;
      if (ahead.length > SUBMITS_AHEAD) await ahead.shift();
    }
    await Promise.all(ahead);
  }

  /** A submit ends with a step, unless a step takes more than twice what a submit should. */
  private wholeSteps(): number {
    const { length } = this.commands;
    return 2 * this.perSubmit < length ? this.perSubmit : Math.max(1, Math.floor(this.perSubmit / length)) * length;
  }

  private learn(count: number, ms: number): void {
    const fitting = count * (TARGET_MS / Math.max(ms, 0.1));
    this.perSubmit = Math.round(Math.max(1, Math.min(fitting, 2 * this.perSubmit, LARGEST_SUBMIT)));
  }

  private submit(from: number, count: number): void {
    const encoder = this.device.createCommandEncoder();
    const pass = encoder.beginComputePass();
    for (let i = from; i < from + count; i++) {
      const { pipeline, bindGroup, workgroups } = this.commands[i % this.commands.length];
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
    }
    pass.end();
    this.device.queue.submit([encoder.finish()]);
    this.submits += 1;
  }
}
