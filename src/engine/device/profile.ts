// The profiler: one step of a program, every dispatch in a pass of its own between two GPU timestamps.

import { AdapterError } from '../errors';
import { guarded } from './guard';
import type { ReadbackRing } from './readback';
import type { Command } from './replay';

/** The time of one kernel in a step. */
export interface ProfileEntry {
  /** The op or update the dispatch belongs to, with its name, if it has one, and its shape. */
  readonly op: string;
  readonly kernel: string;
  readonly workgroups: readonly [number, number, number];
  /** GPU time of the dispatch, milliseconds. */
  readonly ms: number;
}

/** Timestamps that one query set may hold. */
const MAX_TIMESTAMPS = 4096;

/** Runs the commands once, in order. Throws AdapterError where the adapter has no timestamps. */
export async function profileCommands(
  gpu: GPUDevice,
  readback: ReadbackRing,
  commands: readonly Command[],
): Promise<ProfileEntry[]> {
  if (!gpu.features.has('timestamp-query'))
    throw new AdapterError('This adapter has no timestamp-query: it cannot be profiled.', 'no-feature');
  const entries: ProfileEntry[] = [];
  const most = MAX_TIMESTAMPS / 2;
  for (let first = 0; first < commands.length; first += most)
    entries.push(...(await profilePart(gpu, readback, commands.slice(first, first + most))));
  return entries;
}

async function profilePart(
  gpu: GPUDevice,
  readback: ReadbackRing,
  commands: readonly Command[],
): Promise<ProfileEntry[]> {
  const count = 2 * commands.length;
  const { value, accepted } = guarded(gpu, 'a profile', () => {
    const querySet = gpu.createQuerySet({ label: 'profile', type: 'timestamp', count });
    const usage = GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC;
    const buffer = gpu.createBuffer({ label: 'profile', size: 8 * count, usage });
    const encoder = gpu.createCommandEncoder({ label: 'profile' });
    for (const [i, { pipeline, bindGroup, workgroups }] of commands.entries()) {
      const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
      const pass = encoder.beginComputePass({ label: 'profile', timestampWrites });
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(...workgroups);
      pass.end();
    }
    encoder.resolveQuerySet(querySet, 0, count, buffer, 0);
    gpu.queue.submit([encoder.finish()]);
    return { querySet, buffer };
  });
  let times: BigUint64Array;
  try {
    await accepted;
    times = new BigUint64Array(await readback.read(value.buffer, 0, 8 * count));
  } finally {
    value.querySet.destroy();
    value.buffer.destroy();
  }
  const origin = performance.now();
  return commands.map(({ op, kernel, workgroups }, i) => {
    const ms = milliseconds(times[2 * i + 1] - times[2 * i]);
    const start = origin + milliseconds(times[2 * i] - times[0]);
    performance.measure(`unweave ${kernel}`, { start, duration: ms, detail: { op, workgroups } });
    return { op, kernel, workgroups, ms };
  });
}

const milliseconds = (nanoseconds: bigint): number => Number(nanoseconds) / 1e6;

/** The entries of one kernel together. */
export interface ProfileRow {
  readonly kernel: string;
  readonly dispatches: number;
  readonly ms: number;
  /** Part of the whole time, 0 ... 1. */
  readonly share: number;
}

/** Times by kernel, longest first: the profile as a table. */
export function profileTable(entries: readonly ProfileEntry[]): ProfileRow[] {
  const total = entries.reduce((sum, { ms }) => sum + ms, 0);
  return [...new Set(entries.map(({ kernel }) => kernel))]
    .map((kernel) => {
      const own = entries.filter((entry) => entry.kernel === kernel);
      const ms = own.reduce((sum, entry) => sum + entry.ms, 0);
      return { kernel, dispatches: own.length, ms, share: ms / total };
    })
    .sort((a, b) => b.ms - a.ms);
}
