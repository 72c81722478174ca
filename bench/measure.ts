// Timing. Every case compiles on a device of its own, so that its compile time is its own; then rounds go over all cases,
// and a sample is as many runs as take 50 ms, so that what disturbs the machine disturbs every case alike (the protocol is
// that of Hoefler & Belli 2015 and of bhouston/webgpu-bench: warm-up apart, interleaved rounds, median and spread).

import { Device, type Executor, type GpuProgram, type HostProgram, type Program, profileTable } from '../src/engine';
import type { BenchCase, Measured } from './case';
import { writeOperands } from './data';
import { median, spread } from './statistics';

const SAMPLE_MS = 50;
const ROUNDS = 7;
const WARM_UPS = 3;
const MAX_RUNS = 100_000;

export const METHOD =
  `Wall time of a run: ${WARM_UPS} warm-ups, then ${ROUNDS} rounds interleaved over all cases; a sample is as many runs as ` +
  `take ${SAMPLE_MS} ms, in submits of about 50 ms. Median and median absolute deviation. Compile time apart, on a new device.`;

class Competitor {
  readonly samples: number[] = [];
  runs = 1;
  compileMs = 0;
  private submits = 0;
  private uploads = 0;
  private counted = 0;

  private constructor(
    readonly subject: BenchCase,
    private readonly executor: Executor,
    private readonly program: Program<string>,
  ) {}

  static async prepare(subject: BenchCase, open: () => Promise<Executor>): Promise<Competitor> {
    const executor = await open();
    const { graph, start } = subject.build();
    writeOperands(executor, graph);
    await start?.(executor);
    const begin = performance.now();
    const program = await executor.compile(graph);
    const made = new Competitor(subject, executor, program);
    made.compileMs = performance.now() - begin;
    for (let i = 0; i < WARM_UPS; i++) await program.run();
    // The batch grows until a sample takes long enough to be timed; by at most four at a time, since early runs are slow.
    for (let ms = 0; made.runs < MAX_RUNS; ) {
      ms = await made.time();
      if (ms >= SAMPLE_MS) break;
      made.runs = Math.ceil(made.runs * Math.min(4, Math.max(1.2, (1.1 * SAMPLE_MS) / ms)));
    }
    return made;
  }

  async sample(): Promise<void> {
    const { gpu } = this;
    if (gpu === undefined) {
      this.samples.push((await this.time()) / this.runs);
      return;
    }
    const { queue } = gpu.device.gpu;
    const writeBuffer = queue.writeBuffer.bind(queue);
    queue.writeBuffer = (...given: Parameters<typeof writeBuffer>) => {
      this.uploads++;
      writeBuffer(...given);
    };
    const before = gpu.program.submits;
    this.samples.push((await this.time()) / this.runs);
    queue.writeBuffer = writeBuffer;
    this.submits += gpu.program.submits - before;
    this.counted += this.runs;
  }

  /** What only a GPU can tell of itself. */
  private get gpu(): { readonly device: Device; readonly program: GpuProgram<string> } | undefined {
    const { executor } = this;
    return executor instanceof Device ? { device: executor, program: this.program as GpuProgram<string> } : undefined;
  }

  async result(): Promise<Measured> {
    const { name, shape, flops, bytes } = this.subject;
    const medianMs = median(this.samples);
    const { gpu } = this;
    const timed = gpu?.device.gpu.features.has('timestamp-query') === true;
    const profile = timed ? await gpu?.program.profile() : undefined;
    const rate = (amount: number) => amount / medianMs / 1e6;
    return {
      name,
      shape,
      medianMs,
      spreadMs: spread(this.samples),
      minMs: Math.min(...this.samples),
      gpuMs: profile?.reduce((total, { ms }) => total + ms, 0) ?? null,
      gflops: rate(flops),
      gbps: rate(bytes),
      compileMs: this.compileMs,
      dispatches: gpu?.program.dispatches ?? (this.program as HostProgram<string>).calls,
      runsPerSample: this.runs,
      samplesMs: this.samples,
      submitsPerRun: gpu === undefined ? 0 : this.submits / this.counted,
      uploadsPerRun: gpu === undefined ? 0 : this.uploads / this.counted,
      ...(name.startsWith('step/') && profile !== undefined ? { profile: profileTable(profile) } : {}),
    };
  }

  dispose(): void {
    this.program.dispose();
    this.executor.dispose();
  }

  private async time(): Promise<number> {
    const begin = performance.now();
    await this.program.run(this.runs);
    return performance.now() - begin;
  }
}

/** Measures all cases together. `onProgress` receives what is being done and the share that is done. */
export async function measure(
  cases: readonly BenchCase[],
  open: () => Promise<Executor>,
  onProgress: (stage: string, share: number) => void,
): Promise<Measured[]> {
  const competitors: Competitor[] = [];
  try {
    for (const [i, subject] of cases.entries()) {
      onProgress(`compiling ${subject.name}`, (0.6 * i) / cases.length);
      competitors.push(await Competitor.prepare(subject, open));
    }
    for (let round = 0; round < ROUNDS; round++) {
      onProgress(`round ${round + 1} of ${ROUNDS}`, 0.6 + (0.4 * round) / ROUNDS);
      // Each round starts elsewhere, so that no case always follows the same one.
      const first = Math.floor((round * competitors.length) / ROUNDS);
      for (let i = 0; i < competitors.length; i++) await competitors[(first + i) % competitors.length].sample();
    }
    const results: Measured[] = [];
    for (const competitor of competitors) results.push(await competitor.result());
    return results;
  } finally {
    for (const competitor of competitors) competitor.dispose();
  }
}
