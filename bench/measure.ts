// Timing. Every case compiles on a device of its own, so that its compile time is its own; then rounds go over all cases,
// and a sample is as many runs as take 50 ms, so that what disturbs the machine disturbs every case alike (the protocol is
// that of Hoefler & Belli 2015 and of bhouston/webgpu-bench: warm-up apart, interleaved rounds, median and spread).

import { Device, type GpuProgram, profileTable, type Winners } from '../src/engine';
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
    private readonly device: Device,
    private readonly program: GpuProgram<string>,
  ) {}

  static async prepare(subject: BenchCase, winners: Winners): Promise<Competitor> {
    const device = await Device.open({ winners });
    const { graph, start } = subject.build();
    writeOperands(device, graph);
    await start?.(device);
    const begin = performance.now();
    const program = await device.compile(graph);
    const made = new Competitor(subject, device, program);
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
    const { queue } = this.device.gpu;
    const writeBuffer = queue.writeBuffer.bind(queue);
    queue.writeBuffer = (...given: Parameters<typeof writeBuffer>) => {
      this.uploads++;
      writeBuffer(...given);
    };
    const before = this.program.submits;
    this.samples.push((await this.time()) / this.runs);
    queue.writeBuffer = writeBuffer;
    this.submits += this.program.submits - before;
    this.counted += this.runs;
  }

  async result(): Promise<Measured> {
    const { name, shape, flops, bytes } = this.subject;
    const medianMs = median(this.samples);
    const timed = this.device.gpu.features.has('timestamp-query');
    const profile = timed ? await this.program.profile() : undefined;
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
      dispatches: this.program.dispatches,
      runsPerSample: this.runs,
      samplesMs: this.samples,
      submitsPerRun: this.submits / this.counted,
      uploadsPerRun: this.uploads / this.counted,
      ...(name.startsWith('step/') && profile !== undefined ? { profile: profileTable(profile) } : {}),
    };
  }

  dispose(): void {
    this.program.dispose();
    this.device.dispose();
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
  winners: Winners,
  onProgress: (stage: string, share: number) => void,
): Promise<Measured[]> {
  const competitors: Competitor[] = [];
  try {
    for (const [i, subject] of cases.entries()) {
      onProgress(`compiling ${subject.name}`, (0.6 * i) / cases.length);
      competitors.push(await Competitor.prepare(subject, winners));
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
