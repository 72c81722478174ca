// What the comparison asks of a framework: to set a piece of work up, and then to do it as often as it is told.

import type { Work } from '../cases';

export interface Competitor {
  readonly name: string;
  /** Opens the device or fetches the binary. Throws where that cannot be had here. */
  open(): Promise<void>;
  /** Makes this framework and backend the current one of the page; called before anything is timed. */
  activate(): Promise<void>;
  /** Everything that is done once: uploads, graphs, compilation where it is eager. Throws where the work is not supported. */
  prepare(work: Work): Promise<Prepared>;
}

export interface Prepared {
  /**
   * Does the work `times` times, all of it, and reads back what the last one made: the product of a matmul, or the loss of
   * the last training step together with a parameter that this step updated.
   */
  run(times: number): Promise<Float32Array>;
  dispose(): void;
}
