// The profiler: one step of a program, every dispatch in a pass of its own between two GPU timestamps.

import { AdapterError } from '../errors';
import type { ReadbackRing } from './readback';
import type { Command } from './replay';

export interface ProfileEntry {
  /** The op or update the dispatch belongs to. */
  readonly op: string;
  readonly kernel: string;
  readonly workgroups: readonly [number, number, number];
  /** GPU time of the dispatch, milliseconds. */
  readonly ms: number;
}

/** Runs the commands once, in order. Throws AdapterError where the adapter has no timestamps. */
export async function profileCommands(
  device: GPUDevice,
  readback: ReadbackRing,
  commands: readonly Command[],
): Promise<ProfileEntry[]> {
  if (!device.features.has('timestamp-query'))
    throw new AdapterError('This adapter has no timestamp-query: it cannot be profiled.');
  const count = 2 * commands.length;
  const querySet = device.createQuerySet({ type: 'timestamp', count });
  const buffer = device.createBuffer({
    size: 8 * count,
    usage: GPUBufferUsage.QUERY_RESOLVE | GPUBufferUsage.COPY_SRC,
  });
  const encoder = device.createCommandEncoder();
  for (const [i, { pipeline, bindGroup, workgroups }] of commands.entries()) {
    const timestampWrites = { querySet, beginningOfPassWriteIndex: 2 * i, endOfPassWriteIndex: 2 * i + 1 };
    const pass = encoder.beginComputePass({ timestampWrites });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, bindGroup);
    pass.dispatchWorkgroups(...workgroups);
    pass.end();
  }
  encoder.resolveQuerySet(querySet, 0, count, buffer, 0);
  device.queue.submit([encoder.finish()]);
  const times = new BigUint64Array(await readback.read(buffer, 0, 8 * count));
  querySet.destroy();
  buffer.destroy();
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
