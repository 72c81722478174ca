// One arm of the playground, in a worker: trains its jobs one seed after the other with the runner of all studies, so that what it records
// is what the command line records; can be paused, stepped and looked into between two blocks of steps.

import { type Executor, InputError } from '../../engine';
import type { History } from '../../models';
import { type Job, jobOf } from '../../runs/job';
import { nextBlock } from '../../runs/pace';
import { settingOf } from '../../runs/recipe';
import type { Store } from '../../runs/store';
import type { Moment } from '../../runs/training';
import { recordIn, work } from '../../runs/work';
import { Looker } from './look';
import type { Look, Said, ToLab } from './protocol';
import { changeOf, listed, peek, stagesOf, tensorsOf } from './tensors';

type Run = Extract<ToLab, { kind: 'run' }>;
type Request =
  | { kind: 'advance'; steps: number; stages: boolean }
  | { kind: 'list' }
  | { kind: 'peek'; tensor: number };

/** Milliseconds that a block of steps should take, a picture at most every so often, and its share of the time. */
const BLOCK = 80;
const SEEN_EVERY = 200;
const SEEN_SHARE = 1 / 6;

/**
 * Two arms take two cores; where there are no more, each rests for this share of the time it computes, so that the page, which draws, is not
 * kept waiting.
 */
const RESTS = globalThis.navigator !== undefined && navigator.hardwareConcurrency < 3 ? 0.45 : 0;
const rest = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Lets messages in. */
const breathe = (): Promise<void> =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });

/** What an arm computes with, and where it keeps what it made. */
export interface Place {
  readonly executor: Executor;
  readonly adapter: string;
  readonly store: Store;
}

export class Arm {
  private running: boolean;
  private look: Look;
  private lookedAt: Look | undefined;
  private wake: () => void = () => undefined;
  private readonly requests: Request[] = [];
  private readonly abort = new AbortController();
  private looker: Looker | undefined;
  private block = 1;
  private begun = 0;
  private seenAt = Number.NEGATIVE_INFINITY;
  private cost = 0;
  private waiting = false;
  private before: { parameters: Float32Array[]; stages: Awaited<ReturnType<typeof stagesOf>> } | undefined;
  private place!: Place;
  private readonly sums = new Map<string, number>();
  private summed = 0;
  private reportedAt = performance.now();

  constructor(
    private readonly opening: Promise<Place>,
    private readonly tell: (message: Said) => void,
    { paused, look }: Pick<Run, 'paused' | 'look'>,
  ) {
    this.running = !paused;
    this.look = look;
  }

  /** Does all jobs; ends early, with what is recorded until then, after `stop`. Throws what training throws. */
  async run({ jobs: lines, measures, anew }: Run): Promise<void> {
    this.place = await this.opening;
    const jobs = await Promise.all(lines.map(({ setting, seed }) => jobOf(settingOf(setting), seed)));
    if (anew) for (const job of jobs) await this.forget(job);
    for (const job of jobs) {
      if (this.abort.signal.aborted) return;
      await this.one(job, measures);
    }
  }

  private async forget(job: Job): Promise<void> {
    await this.place.store.remove('record', job.name);
    await this.place.store.remove('checkpoint', job.name);
  }

  private async one(job: Job, measures: Run['measures']): Promise<void> {
    const known = (await recordIn(this.place.store, job)) !== undefined;
    this.lookedAt = undefined;
    this.sums.clear();
    this.summed = 0;
    try {
      await work(
        this.place.store,
        this.place.executor,
        [job],
        { measures, keep: true, adapter: this.place.adapter, signal: this.abort.signal },
        {},
        {
          pace: (moment) => this.pace(moment),
          onEnd: () => {
            this.before = undefined;
            this.looker?.[Symbol.dispose]();
            this.looker = undefined;
          },
          onMeasured: (_, block) => this.gather(block),
          onProgress: (stage, share) => {
            if (stage === 'measuring') this.tell({ kind: 'measuring', seed: job.seed, share });
          },
        },
      );
    } catch (error) {
      if (this.abort.signal.aborted) return;
      throw error;
    }
    const record = await recordIn(this.place.store, job);
    if (record !== undefined) this.tell({ kind: 'record', seed: job.seed, record, known });
  }

  // --- what the page asks for ------------------------------------------------------------------------------------------------

  go(running: boolean): void {
    this.running = running;
    this.wake();
  }

  see(look: Look): void {
    this.look = look;
    this.wake();
  }

  ask(request: Request): void {
    this.requests.push(request);
    this.wake();
  }

  get stopped(): boolean {
    return this.abort.signal.aborted;
  }

  stop(): void {
    this.abort.abort(new InputError('stopped'));
    this.wake();
  }

  // --- between two blocks ----------------------------------------------------------------------------------------------------

  private async pace(moment: Moment): Promise<number> {
    const now = performance.now();
    if (RESTS > 0 && this.running && this.begun > 0) await rest(RESTS * Math.min(2 * BLOCK, now - this.begun));
    else await breathe();
    if (moment.stepsDone === 0 || this.looker === undefined)
      this.tell({ kind: 'began', seed: moment.jobs[0].seed, step: moment.stepsDone });
    else if (!this.waiting) this.block = nextBlock(this.block, now - this.begun, BLOCK);
    await this.report(moment, now);
    await this.finishStage(moment);
    const due = now - this.seenAt >= Math.max(SEEN_EVERY, this.cost / SEEN_SHARE);
    const last = moment.stepsDone === moment.jobs[0].setting.steps;
    if (due || last || !this.running || this.looker === undefined) await this.show(moment);
    const allowed = await this.allowed(moment);
    this.begun = performance.now();
    if (this.waiting) this.reportedAt = this.begun;
    return allowed;
  }

  /** How many steps come next; while paused, waits for the page to say, and answers what it asks meanwhile. */
  private async allowed(moment: Moment): Promise<number> {
    this.waiting = false;
    const { signal } = this.abort;
    while (!signal.aborted) {
      const request = this.requests.shift();
      if (request?.kind === 'advance') {
        if (request.stages) await this.beginStage(moment);
        this.waiting = true;
        return request.stages ? 1 : request.steps;
      }
      if (request !== undefined) await this.answer(request, moment);
      else if (this.running) return this.block;
      else if (this.lookedAt !== this.look) await this.show(moment);
      else {
        if (!this.waiting) this.tell({ kind: 'paused', seed: moment.jobs[0].seed, step: moment.stepsDone });
        this.waiting = true;
        await new Promise<void>((resolve) => {
          this.wake = resolve;
        });
      }
    }
    return 1;
  }

  private async answer(request: Exclude<Request, { kind: 'advance' }>, moment: Moment): Promise<void> {
    const tensors = tensorsOf(moment);
    if (request.kind === 'list') this.tell({ kind: 'tensors', tensors: listed(tensors) });
    else if (request.tensor < tensors.length)
      this.tell({
        kind: 'peeked',
        tensor: request.tensor,
        step: moment.stepsDone,
        peeked: await peek(this.place.executor, tensors[request.tensor]),
      });
  }

  private async show(moment: Moment): Promise<void> {
    const begun = performance.now();
    const look = this.look;
    this.looker ??= await Looker.of(this.place.executor, moment);
    // The last is shown in both bases: when training has ended there is nobody left to ask.
    const last = moment.stepsDone === moment.jobs[0].setting.steps;
    for (const turned of last ? [!look.turned, look.turned] : [look.turned])
      this.tell({ kind: 'view', view: await this.looker.see({ ...look, turned }, moment.stepsDone) });
    this.lookedAt = look;
    this.seenAt = performance.now();
    this.cost = this.seenAt - begun;
  }

  private async beginStage(moment: Moment): Promise<void> {
    this.before = { parameters: await this.parameters(moment), stages: await stagesOf(this.place.executor, moment) };
  }

  /** The step whose stages are shown has been made: its last stage is what it changed. */
  private async finishStage(moment: Moment): Promise<void> {
    if (this.before === undefined) return;
    const { parameters, stages } = this.before;
    this.before = undefined;
    const update = changeOf(parameters, await this.parameters(moment));
    this.tell({
      kind: 'stages',
      seed: moment.jobs[0].seed,
      step: moment.stepsDone,
      stages: stages.map((stage) => (stage.name === 'update' ? update : stage)),
    });
  }

  private parameters({ step }: Moment): Promise<Float32Array[]> {
    return Promise.all(step.kept.map((arena) => this.place.executor.read(arena)));
  }

  // --- losses ----------------------------------------------------------------------------------------------------------------

  private gather(block: History): void {
    for (const [term, steps] of Object.entries(block))
      this.sums.set(
        term,
        steps.reduce((sum, row) => sum + row[0], this.sums.get(term) ?? 0),
      );
    this.summed += Object.values(block)[0]?.length ?? 0;
  }

  private async report({ jobs: [job], stepsDone }: Moment, now: number): Promise<void> {
    if (this.summed === 0) return;
    const terms = Object.fromEntries([...this.sums].map(([term, sum]) => [term, sum / this.summed]));
    // Rests and pictures count: it is what a visitor waits for.
    const rate = (1000 * this.summed) / (now - this.reportedAt);
    this.reportedAt = now;
    this.tell({ kind: 'steps', seed: job.seed, step: stepsDone, rate, terms });
    this.sums.clear();
    this.summed = 0;
  }
}
