// Encoding and submitting: commands in order, as many to a submit as take about 50 ms. Enough to hide what a submit costs;
// few enough to keep a page responsive, to stop soon when asked, and to stay far from the two seconds after which some
// systems reset the GPU. Plans cut what would take longer in one dispatch, where it can be cut: a running sum along one very long
// axis cannot.

import { DeviceLostError } from '../errors';
import type { RunOptions } from '../graph/executor';
import { guarded } from './guard';

/** One dispatch, ready to encode. */
export interface Command {
  /** The op or update it belongs to, with its name and shape. */
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
    private readonly gpu: GPUDevice,
    private readonly name: string,
    private readonly commands: readonly Command[],
  ) {}

  /**
   * Runs all commands `steps` times; resolves when the last has run. Ends early, with what `check` throws before a submit, which
   * is told whether that begins a step, or with the signal's reason between two steps; in either case what was submitted has
   * ended when it rejects. Throws KernelError where the GPU refuses the commands.
   */
  async run(steps: number, { signal, onProgress }: RunOptions, check: (betweenSteps: boolean) => void): Promise<void> {
    const { length } = this.commands;
    const total = steps * length;
    const ahead: Promise<void>[] = [];
    let lastDone = performance.now();
    const submit = (from: number, count: number): Promise<void> => {
      const submitted = performance.now();
      const accepted = this.submit(from, count);
      const worked = this.gpu.queue.onSubmittedWorkDone().then(
        () => {
          const now = performance.now();
          this.learn(count, now - Math.max(lastDone, submitted));
          lastDone = now;
        },
        (cause) => {
          throw new DeviceLostError(`The GPU device was lost while it computed: ${String(cause)}`, { cause });
        },
      );
      const done = Promise.all([accepted, worked]).then(() => onProgress?.((from + count) / total));
      // Of several that fail together, one is waited for.
      done.catch(() => undefined);
      return done;
    };
    try {
      for (let next = 0; next < total; ) {
        const betweenSteps = next % length === 0;
        check(betweenSteps);
        if (betweenSteps) signal?.throwIfAborted();
        // Never beyond the end of a step that was begun in an earlier submit.
        const count = betweenSteps
          ? Math.min(this.wholeSteps(), total - next)
          : Math.min(this.perSubmit, length - (next % length));
        ahead.push(submit(next, count));
        next += count;
        if (ahead.length > SUBMITS_AHEAD) await ahead.shift();
      }
      await Promise.all(ahead);
    } finally {
      await Promise.allSettled(ahead);
    }
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

  private submit(from: number, count: number): Promise<void> {
    const { gpu, name: label } = this;
    const { accepted } = guarded(gpu, `a submit of ${label}`, () => {
      const encoder = gpu.createCommandEncoder({ label });
      const pass = encoder.beginComputePass({ label });
      for (let i = from; i < from + count; i++) {
        const { pipeline, bindGroup, workgroups } = this.commands[i % this.commands.length];
        pass.setPipeline(pipeline);
        pass.setBindGroup(0, bindGroup);
        pass.dispatchWorkgroups(...workgroups);
      }
      pass.end();
      gpu.queue.submit([encoder.finish()]);
    });
    this.submits += 1;
    return accepted;
  }
}
