// What lives and dies with one GPUDevice: buffers, pipelines, reads and runs. A Device has one at a time, and another after a loss.

import { DeviceLostError, DisposedError, type UnweaveError } from '../errors';
import type { Tuning } from '../graph/dispatch';
import { RunQueue } from '../graph/runQueue';
import type { AdapterDescription } from './adapter';
import { PipelineCache } from './pipelines';
import { BufferPool } from './pool';
import { ReadbackRing } from './readback';
import { LeafStorage } from './storage';

/** How long the news of a loss may take after the first call that failed for it. */
const LOSS_MS = 200;

export class Connection {
  readonly pool: BufferPool;
  readonly leaves: LeafStorage;
  readonly pipelines: PipelineCache;
  readonly readback: ReadbackRing;
  readonly queue = new RunQueue();
  private failure: UnweaveError | undefined;

  constructor(
    readonly gpu: GPUDevice,
    readonly adapter: AdapterDescription,
    memoryLimit: number,
    readonly tuning: Tuning,
    onLost: (error: DeviceLostError) => void,
  ) {
    this.pool = new BufferPool(gpu, memoryLimit);
    this.leaves = new LeafStorage(gpu, this.pool);
    this.pipelines = new PipelineCache(gpu);
    this.readback = new ReadbackRing(gpu);
    gpu.lost.then(
      ({ reason, message }) => {
        if (this.failure !== undefined) return;
        const error = new DeviceLostError(`The GPU device was lost (${reason}): ${message}`);
        this.failure = error;
        onLost(error);
      },
      () => undefined,
    );
  }

  /** Throws why nothing can be computed here any more, if so. */
  check(): void {
    if (this.failure !== undefined) throw this.failure;
  }

  /** The loss of the GPU, or the end of this connection, where that is what an error comes from: it may be told of a little later. */
  async causeOf(error: unknown): Promise<unknown> {
    if (!(error instanceof DeviceLostError)) return error;
    if (this.failure === undefined) {
      await Promise.race([this.gpu.lost, new Promise((resolve) => setTimeout(resolve, LOSS_MS))]);
      // What waits for the loss, too, comes first.
      await Promise.resolve();
    }
    return this.failure ?? error;
  }

  /** After a loss: what was compiled here must be compiled again. */
  retire(): void {
    this.failure = new DeviceLostError('This program was compiled for a GPU that was lost: compile it again.');
  }

  /** Releases everything; `keep` leaves the GPUDevice open, which is its owner's. */
  dispose(keep: boolean): void {
    this.failure ??= new DisposedError('Device');
    this.readback.dispose();
    this.pool.dispose();
    if (!keep) this.gpu.destroy();
  }
}
