// A run of the playground, without its looks: two workers, what they say, what is kept. The page draws it, a test or the custom element can
// drive it.

import { jobOf } from '../../runs/job';
import type { MeasureName } from '../../runs/measures';
import { settingOf } from '../../runs/recipe';
import { type ModelRecord, parseRecord, writeRecord } from '../../runs/record';
import type { FromLab, JobLine, OwnFiles, Peeked, Stage, ToLab, View } from '../lab/protocol';
import type { Database } from '../store/database';
import { flatOfArm, type Looks, type Side, type State, seedsOf, sides } from './state';

export type Phase = 'idle' | 'starting' | 'training' | 'paused' | 'measuring' | 'done' | 'stopped' | 'failed';

/** A point of a live curve: the mean of the steps before it. */
export interface Point {
  readonly step: number;
  readonly terms: Readonly<Record<string, number>>;
}

export interface ArmNow {
  readonly phase: Phase;
  /** Where it computes, and what would be needed for better. */
  readonly says: string;
  readonly why: string | null;
  readonly seed: number | null;
  readonly step: number;
  readonly rate: number;
  readonly share: number;
  readonly points: readonly Point[];
  /** The last of its own basis and of the turned one, of one model at one step or of none. */
  readonly views: { readonly own: View | null; readonly turned: View | null };
  readonly records: ReadonlyMap<number, ModelRecord>;
  readonly stages: { readonly step: number; readonly stages: readonly Stage[] } | null;
  readonly tensors: readonly { readonly id: number; readonly label: string }[];
  readonly peeked: { readonly tensor: number; readonly step: number; readonly peeked: Peeked } | null;
  readonly problem: string | null;
}

const FRESH: ArmNow = {
  phase: 'idle',
  says: '',
  why: null,
  seed: null,
  step: 0,
  rate: 0,
  share: 0,
  points: [],
  views: { own: null, turned: null },
  records: new Map(),
  stages: null,
  tensors: [],
  peeked: null,
  problem: null,
};

/** What is measured of every model; the test of invariance takes as long as some ten trainings, so it is asked for. */
export const liveMeasures: MeasureName[] = ['losses', 'scores', 'honesty', 'rotation', 'information', 'traversals'];

/** Points of a live curve; when there are more, every second one goes. */
const MOST_POINTS = 120;

export class Session {
  arms: Readonly<Record<Side, ArmNow>> = { left: FRESH, right: FRESH };
  private readonly workers = new Map<Side, Worker>();
  private opened: State['device'] | undefined;
  private running = true;
  /** Data sets that were brought, by name: each worker that is opened gets them all. */
  private readonly own = new Map<string, OwnFiles>();
  private brought: { resolve: (name: string) => void; reject: (error: Error) => void; waiting: number } | undefined;
  /** Numbers of the last run, and of what is shown: whatever comes of an earlier one is late. */
  private current = 0;
  private shown = 0;

  constructor(
    private readonly makeWorker: () => Worker,
    private readonly onChange: () => void,
  ) {}

  get phase(): Phase {
    const phases = sides.map((side) => this.arms[side].phase);
    const first = (...wanted: Phase[]) => wanted.find((phase) => phases.includes(phase));
    return first('failed', 'starting', 'training', 'paused', 'measuring', 'stopped', 'idle') ?? 'done';
  }

  /** Trains both arms on all seeds; what is recorded is not done again unless `anew`. */
  start(state: State, { anew = false, paused = false } = {}): void {
    for (const side of sides) {
      const { says, why, records } = this.arms[side];
      this.set(side, { ...FRESH, says, why, records: anew ? new Map() : records });
    }
    this.run(state, seedsOf(state), liveMeasures, anew, paused);
  }

  /** Tests the models of one seed for invariance; trains them first where they are not at hand. */
  testInvariance(state: State, seed: number): void {
    this.run(state, [seed], [...liveMeasures, 'invariance'], false, false);
  }

  private run(
    state: State,
    seeds: readonly number[],
    measures: readonly MeasureName[],
    anew: boolean,
    paused: boolean,
  ): void {
    this.running = !paused;
    this.current++;
    this.open(state.device);
    for (const side of sides) {
      this.set(side, { phase: 'starting', problem: null });
      const jobs: JobLine[] = seeds.map((seed) => ({ setting: flatOfArm(state, side), seed }));
      this.tell(side, { kind: 'run', run: this.current, jobs, measures, anew, paused, look: lookOf(state.looks) });
    }
  }

  pause(): void {
    this.running = false;
    for (const side of sides) this.tell(side, { kind: 'pace', running: false });
  }

  resume(): void {
    this.running = true;
    for (const side of sides) {
      this.tell(side, { kind: 'pace', running: true });
      if (this.arms[side].phase === 'paused') this.set(side, { phase: 'training', stages: null });
    }
  }

  advance(steps: number, stages: boolean): void {
    for (const side of sides)
      if (this.arms[side].phase === 'paused') this.tell(side, { kind: 'advance', steps, stages });
  }

  look(looks: Looks): void {
    for (const side of sides) this.tell(side, { kind: 'look', look: lookOf(looks) });
  }

  list(side: Side): void {
    this.tell(side, { kind: 'list' });
  }

  peek(side: Side, tensor: number): void {
    this.tell(side, { kind: 'peek', tensor });
  }

  /** Ends the run: what is recorded stays, and the model that trains has its last checkpoint. */
  stop(): void {
    for (const side of sides) this.tell(side, { kind: 'stop' });
  }

  /** Forgets what is shown: the next state begins with nothing but what `show` brings. */
  clear(): void {
    this.current++;
    this.shown++;
    // A measure is not looked into: its worker ends with it.
    if (sides.some((side) => this.arms[side].phase === 'measuring')) this.dispose();
    else this.stop();
    for (const side of sides) {
      const { says, why } = this.arms[side];
      this.set(side, { ...FRESH, says, why });
    }
  }

  /** Records that there are of a state's jobs, in the database or among `others`, by job's name. */
  async load(state: State, database: Database | null, others: ReadonlyMap<string, ModelRecord>): Promise<void> {
    const { shown } = this;
    const found = await recordsOf(state, database, others);
    if (shown !== this.shown) return;
    for (const side of sides) this.set(side, { records: new Map([...found[side], ...this.arms[side].records]) });
  }

  /** A data set of the visitor's, known from now on by the name that is returned. */
  async bring(files: OwnFiles, device: State['device']): Promise<string> {
    this.open(device);
    const name = await new Promise<string>((resolve, reject) => {
      this.brought = { resolve, reject, waiting: sides.length };
      for (const side of sides) this.tell(side, { kind: 'bring', files });
    });
    this.own.set(name, files);
    return name;
  }

  dispose(): void {
    for (const worker of this.workers.values()) {
      worker.onmessage = null;
      worker.onerror = null;
      worker.terminate();
    }
    this.workers.clear();
    this.opened = undefined;
  }

  private open(device: State['device']): void {
    if (this.opened === device && this.workers.size === sides.length) return;
    this.dispose();
    this.opened = device;
    for (const side of sides) {
      const worker = this.makeWorker();
      worker.onmessage = ({ data }: MessageEvent<FromLab>) => this.hear(side, data);
      worker.onerror = (event) => {
        event.preventDefault();
        this.hear(side, {
          kind: 'failed',
          error: 'Error',
          message: event.message || 'the worker could not be started',
        });
      };
      this.workers.set(side, worker);
      this.tell(side, { kind: 'open', prefer: device });
      for (const files of this.own.values()) this.tell(side, { kind: 'bring', files });
    }
  }

  private tell(side: Side, message: ToLab): void {
    this.workers.get(side)?.postMessage(message);
  }

  private set(side: Side, change: Partial<ArmNow>): void {
    this.arms = { ...this.arms, [side]: { ...this.arms[side], ...change } };
    this.onChange();
  }

  private hear(side: Side, message: FromLab): void {
    if (message.run !== undefined && message.run !== this.current) return;
    const arm = this.arms[side];
    const moving: Phase = this.running ? 'training' : arm.phase === 'paused' ? 'paused' : 'training';
    if (message.kind === 'opened') this.set(side, { says: message.says, why: message.why });
    else if (message.kind === 'brought') {
      if (this.brought !== undefined && --this.brought.waiting === 0) this.brought.resolve(message.name);
    } else if (message.kind === 'refused') this.brought?.reject(new Error(message.message));
    else if (message.kind === 'began')
      this.set(side, { phase: moving, seed: message.seed, step: message.step, points: [], share: 0 });
    else if (message.kind === 'steps') {
      const points = thinned([...arm.points, { step: message.step, terms: message.terms }]);
      this.set(side, { phase: moving, step: message.step, rate: message.rate, points });
    } else if (message.kind === 'view') this.set(side, { views: viewsWith(arm.views, message.view) });
    else if (message.kind === 'paused') this.set(side, { phase: 'paused', seed: message.seed, step: message.step });
    else if (message.kind === 'measuring')
      this.set(side, { phase: 'measuring', seed: message.seed, share: message.share });
    else if (message.kind === 'record')
      this.set(side, { records: new Map([...arm.records, [message.seed, message.record]]) });
    else if (message.kind === 'stages') this.set(side, { stages: { step: message.step, stages: message.stages } });
    else if (message.kind === 'tensors') this.set(side, { tensors: message.tensors });
    else if (message.kind === 'peeked') this.set(side, { peeked: message });
    else if (message.kind === 'failed') this.fail(side, message);
    else this.set(side, { phase: message.kind });
  }

  /** What failed may have left its worker unusable: the next run has new ones. */
  private fail(side: Side, { message }: { readonly message: string }): void {
    this.opened = undefined;
    this.set(side, { phase: 'failed', problem: message });
  }
}

/** Of another model, or of another step, nothing is kept. */
function viewsWith({ own, turned }: ArmNow['views'], view: View): ArmNow['views'] {
  const same = (other: View | null) => (other?.seed === view.seed && other.step === view.step ? other : null);
  return view.turned ? { own: same(own), turned: view } : { own: view, turned: same(turned) };
}

const lookOf = ({ example, turned }: Looks) => ({ example, turned });

/** Every second point less where there are too many; the last stays. */
const thinned = (points: readonly Point[]): readonly Point[] =>
  points.length <= MOST_POINTS ? points : points.filter((_, i) => i % 2 === 1 || i === points.length - 1);

/** The records of a state's jobs, by arm and seed; those that are damaged count as not there. */
export async function recordsOf(
  state: State,
  database: Database | null,
  others: ReadonlyMap<string, ModelRecord>,
): Promise<Record<Side, Map<number, ModelRecord>>> {
  const recordOf = async (name: string): Promise<ModelRecord | undefined> => {
    const bytes = await database?.read('record', name);
    return bytes === undefined ? others.get(name) : parseRecord(bytes, name).catch(() => undefined);
  };
  const ofSide = async (side: Side): Promise<Map<number, ModelRecord>> => {
    const setting = settingOf(flatOfArm(state, side));
    const found = await Promise.all(
      seedsOf(state).map(async (seed) => [seed, await recordOf((await jobOf(setting, seed)).name)] as const),
    );
    return new Map(found.flatMap(([seed, record]) => (record === undefined ? [] : [[seed, record] as const])));
  };
  const [left, right] = await Promise.all([ofSide('left'), ofSide('right')]);
  return { left, right };
}

/** Puts records from elsewhere into the database; what is there already stays. Returns how many were new. */
export async function keepRecords(database: Database, records: readonly ModelRecord[]): Promise<number> {
  let kept = 0;
  for (const record of records) {
    if ((await database.read('record', record.name)) !== undefined) continue;
    await database.write('record', record.name, await writeRecord(record));
    kept++;
  }
  return kept;
}
