// How the comparison measures, and what a measurement says: shared by the page that measures and the command that prints.

/** Length of a sample: as many calls as take this long. */
export const SAMPLE_MS = 50;
export const ROUNDS = 7;
export const WARM_UPS = 3;
/** Time that one competitor may take for one case; a slow one then makes fewer rounds. */
export const BUDGET_MS = 20_000;

export interface Timing {
  readonly medianMs: number;
  readonly spreadMs: number;
  readonly samples: number;
  /** Calls in a sample. */
  readonly times: number;
  /** Setting up and the first call. */
  readonly compileMs: number;
  /** Of training steps: the loss after as many of them as the case says. */
  readonly loss: number | null;
}

/** A timing, or why there is none. */
export type Outcome = Timing | string;

export interface CaseResult {
  readonly name: string;
  /** Training steps before the losses were compared; none for other work. */
  readonly trained: number;
  readonly outcomes: Readonly<Record<string, Outcome>>;
}
