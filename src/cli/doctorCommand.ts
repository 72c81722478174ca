// `unweave doctor`: can this machine compute? The verdict comes from a real kernel: dispatched, read back, compared.

import { CommandError, exitCodes } from './errors';
import type { GpuMode } from './launch';
import { formatTable } from './output';
import type { Exposed } from './page';
import { withSession } from './session';

export interface DoctorArguments {
  readonly json: boolean;
  readonly gpu: GpuMode;
  readonly browser: string | undefined;
}

export async function doctorCommand(args: DoctorArguments): Promise<void> {
  const answer = await withSession(args, async ({ page, adapter, browserPath, browserVersion, mode }) => {
    const probe = await page.evaluate(() => (globalThis as unknown as Exposed).unweave.doctor());
    return {
      schemaVersion: 1,
      ok: probe.computed === probe.expected,
      browser: browserVersion,
      browserPath,
      mode,
      adapter,
      ...probe,
    };
  });
  const { adapter, ok } = answer;
  if (args.json) {
    process.stdout.write(`${JSON.stringify(answer, null, 1)}\n`);
  } else {
    const limits = Object.entries(adapter.limits).map(([name, value]) => [`  ${name}`, String(value)]);
    const rows = [
      ['browser', `${answer.browser} (${answer.browserPath})`],
      ['adapter', `${adapter.vendor} ${adapter.architecture} ${adapter.description}`.trim()],
      ['kind', adapter.software ? 'software: correct, slow' : 'hardware'],
      ['kernel', `sum computed ${answer.computed}, expected ${answer.expected}`],
      ['features', adapter.features.join(' ')],
    ];
    process.stdout.write(`${rows.map(([name, value]) => `${name.padEnd(10)}${value}`).join('\n')}\n`);
    process.stdout.write(`limits\n${formatTable(limits)}\n`);
    process.stdout.write(
      ok ? 'This machine can run Unweave.\n' : 'The kernel gave a wrong answer: do not trust results here.\n',
    );
  }
  if (!ok) throw new CommandError('The test kernel gave a wrong answer.', exitCodes.failed);
}
