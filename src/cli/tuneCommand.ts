// `unweave tune`: measures which kernels win on this adapter, and remembers it for later runs.

import type { GpuMode } from './launch';
import { formatTable, Progress } from './output';
import type { Exposed } from './page';
import { withSession } from './session';
import { saveTuning } from './tuningFile';

export interface TuneArguments {
  readonly json: boolean;
  readonly gpu: GpuMode;
  readonly browser: string | undefined;
}

export async function tuneCommand(args: TuneArguments): Promise<void> {
  const progress = new Progress();
  const { adapter, winners, rows } = await withSession(
    { ...args, onProgress: (stage, share) => progress.update(stage, share) },
    async ({ page, adapter: on }) => {
      const found = await page.evaluate(() => (globalThis as unknown as Exposed).unweave.tune());
      return { adapter: on, ...found };
    },
  );
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
