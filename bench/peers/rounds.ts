// Times one case: every competitor is set up, checked and warmed up, then rounds go over all of them, each starting with
// another one, so that what disturbs the machine disturbs all alike. One that fails is left out with its reason.

import { median, spread } from '../statistics';
import { type Case, checkProduct, type LossCheck, type Work } from './cases';
import type { Competitor, Prepared } from './competitors/competitor';
import { BUDGET_MS, type CaseResult, type Outcome, ROUNDS, SAMPLE_MS, WARM_UPS } from './protocol';

/** A call that takes longer has hung. */
const PATIENCE_MS = 120_000;
/** Between two samples, so that threads which still wait for work of the last one go to sleep. */
const PAUSE_MS = 20;
const MAX_TIMES = 20_000;
/** Share of the budget after which a slow competitor counts as warm; the check was its first call in any case. */
const WARM_UP_SHARE = 0.1;

/** A competitor in one case. */
class Entrant {
  readonly samples: number[] = [];
  times = 1;
  compileMs = 0;
  loss: number | null = null;
  failure: string | null = null;
  private prepared: Prepared | undefined;
  private spentMs = 0;

  constructor(
    readonly competitor: Competitor,
    private readonly work: Work,
  ) {}

  /** Does `part` unless something failed before; a failure stays with this entrant. */
  async attempt(part: () => Promise<void>): Promise<void> {
    if (this.failure !== null) return;
    try {
      await this.competitor.activate();
      await part();
    } catch (error) {
      this.failure = reasonOf(error);
    }
  }

  async begin(): Promise<void> {
    const started = performance.now();
    this.prepared = await withPatience(this.competitor.prepare(this.work));
    const answer = await this.call(1);
    this.compileMs = performance.now() - started;
    if (this.work.kind === 'matmul') checkProduct(this.work, answer);
    else [this.loss] = await this.call(this.work.check.steps - 1);
  }

  /** Warm-up calls, then as many calls to a sample as take long enough; by at most four at a time, since early ones are slow. */
  async warmUp(): Promise<void> {
    let ms = 0;
    for (let i = 0; i < WARM_UPS && this.spentMs < WARM_UP_SHARE * BUDGET_MS; i++) ms = await this.timed();
    while (ms < SAMPLE_MS && this.times < MAX_TIMES && this.hasTime()) {
      this.times = Math.ceil(this.times * Math.min(4, Math.max(1.2, (1.1 * SAMPLE_MS) / ms)));
      ms = await this.timed();
    }
  }

  async sample(): Promise<void> {
    if (this.samples.length > 0 && !this.hasTime()) return;
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    this.samples.push((await this.timed()) / this.times);
  }

  outcome(): Outcome {
    const { samples, times, compileMs, loss, failure } = this;
    if (failure !== null) return failure;
    return { medianMs: median(samples), spreadMs: spread(samples), samples: samples.length, times, compileMs, loss };
  }

  dispose(): void {
    try {
      this.prepared?.dispose();
    } catch (error) {
      this.failure ??= `while cleaning up: ${reasonOf(error)}`;
    }
  }

  private hasTime(): boolean {
    return this.spentMs < BUDGET_MS;
  }

  private async timed(): Promise<number> {
    const begin = performance.now();
    await this.call(this.times);
    const ms = performance.now() - begin;
    this.spentMs += ms;
    return ms;
  }

  private async call(times: number): Promise<Float32Array> {
    if (this.prepared === undefined) throw new Error('was not prepared');
    return withPatience(this.prepared.run(times));
  }
}

export async function measureCase(
  { name, make }: Case,
  competitors: readonly Competitor[],
  onStage: (stage: string) => void,
): Promise<CaseResult> {
  const work = make();
  const entrants = competitors.map((competitor) => new Entrant(competitor, work));
  for (const entrant of entrants) {
    onStage(`${name}: ${entrant.competitor.name}`);
    await entrant.attempt(() => entrant.begin());
  }
  const check = work.kind === 'matmul' ? undefined : work.check;
  if (check !== undefined) refuseOutliers(entrants, check);
  for (const entrant of entrants) await entrant.attempt(() => entrant.warmUp());
  for (let round = 0; round < ROUNDS; round++) {
    onStage(`${name}: round ${round + 1} of ${ROUNDS}`);
    for (let i = 0; i < entrants.length; i++) {
      const entrant = entrants[(round + i) % entrants.length];
      await entrant.attempt(() => entrant.sample());
    }
  }
  for (const entrant of entrants) entrant.dispose();
  return {
    name,
    trained: check?.steps ?? 0,
    outcomes: Object.fromEntries(entrants.map((each) => [each.competitor.name, each.outcome()])),
  };
}

/** Trained alike, all reach about the same loss; one that does not computes something else, and is not timed. */
function refuseOutliers(entrants: readonly Entrant[], { steps, tolerance }: LossCheck): void {
  const losses = entrants.flatMap(({ loss, failure }) => (loss === null || failure !== null ? [] : [loss]));
  if (losses.length === 0) return;
  const centre = median(losses);
  for (const entrant of entrants) {
    if (entrant.loss === null || Math.abs(entrant.loss - centre) <= tolerance * centre) continue;
    entrant.failure ??= `wrong answer: loss ${entrant.loss} after ${steps} steps; the median is ${centre}`;
  }
}

export const reasonOf = (error: unknown): string =>
  String(error instanceof Error ? error.message : ((error as { message?: unknown })?.message ?? error)).split('\n')[0];

async function withPatience<T>(promise: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${PATIENCE_MS / 1000} s`)), PATIENCE_MS);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
