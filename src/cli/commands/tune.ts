// `unweave tune`: measures which kernels win on this adapter, and remembers it for later runs.

import { usageError } from '../errors';
import { type HostOptions, withHost } from '../hosts';
import { formatTable, Progress } from '../output';
import { saveTuning } from '../tuningFile';
import { progressOnly } from '../work/channel';
import { defineCommand, json, where, whereOf } from './command';

export interface TuneArguments {
  readonly json: boolean;
  readonly where: HostOptions;
}

export async function tuneCommand(args: TuneArguments): Promise<void> {
  const progress = new Progress();
  const { adapter, winners, rows } = await withHost(args.where, async (host) => {
    if (host.kind === 'cpu')
      throw usageError('tune chooses among WGSL kernels, and on the CPU there are none.', 'Try --device software.');
    const channel = progressOnly((stage, share) => progress.update(stage, share));
    return { adapter: host.adapter, ...(await host.run('tune', null, channel)) };
  });
  progress.end();
  const file = await saveTuning(adapter, winners);
  if (args.json) {
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, adapter, winners, rows }, null, 1)}\n`);
    return;
  }
  const table = rows.map(({ problem, chosen, winner, gain }) => [problem, chosen, winner, `${gain.toFixed(2)}x`]);
  process.stdout.write(`${formatTable([['problem', 'chosen', 'winner', 'gain'], ...table])}\n`);
  process.stderr.write(`\n${Object.keys(winners).length} winners kept in ${file}; delete it to forget them.\n`);
}

export const tune = defineCommand({
  name: 'tune',
  summary: 'find the fastest WGSL kernels here, and remember them',
  usage: ['--device gpu|software'],
  options: { ...json, ...where },
  prints: {
    problem: 'sizes of a product',
    chosen: 'the kernel without tuning',
    winner: 'the fastest',
    gain: 'times faster',
  },
  examples: [
    ['unweave tune --device gpu', 'once for a GPU; train, study and bench take the winners from then on'],
    ['unweave tune --device software --json', 'the same for WebGPU on the CPU, as JSON'],
  ],
  run: (values) => tuneCommand({ json: values.json, where: whereOf(values) }),
});
