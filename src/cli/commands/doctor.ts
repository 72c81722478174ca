// `unweave doctor`: what can compute on this machine, and does it compute right? Every executor makes twenty steps of the quick study's
// training; their bits are compared with the reference's, which is plain TypeScript.

import type { AdapterDescription } from '../../engine';
import { CommandError, exitCodes } from '../errors';
import { type DeviceChoice, type Host, type HostOptions, withHost } from '../hosts';
import { installedBrowser, WAYS_TO_FIX } from '../hosts/browser';
import { hasGpu } from '../hosts/launch';
import { formatTable, Progress } from '../output';
import { progressOnly } from '../work/channel';
import type { Probe } from '../work/probe';
import { json as asJson, defineCommand, where as placed, whereOf } from './command';

export interface DoctorArguments {
  readonly json: boolean;
  readonly where: HostOptions;
}

/** What was found of one executor. */
interface Examined {
  readonly name: 'gpu' | 'cpu' | 'software' | 'reference';
  readonly where?: string;
  readonly adapter?: AdapterDescription;
  readonly probe?: Probe;
  /** Whether every bit is the reference's; a GPU need not round as the others do. */
  readonly agrees?: boolean;
  /** Why it cannot be used. */
  readonly problem?: string;
}

export async function doctorCommand({ json, where }: DoctorArguments): Promise<void> {
  const wanted = await wantedOf(where);
  const progress = new Progress();
  const found: Examined[] = [];
  for (const [i, name] of wanted.entries()) {
    progress.update(name, i / wanted.length);
    found.push(await examine(name, where));
  }
  progress.end();
  const reference = found.find(({ name }) => name === 'reference')?.probe?.digest;
  const executors = found.map((each) =>
    each.probe === undefined ? each : { ...each, agrees: each.probe.digest === reference },
  );
  const able = executors.filter(({ probe }) => probe !== undefined);
  const auto = able.some(({ name }) => name === 'gpu') ? 'gpu' : 'cpu';
  const wrong = able.filter(({ name, agrees }) => name !== 'gpu' && agrees === false);
  const asked = where.device === 'auto' || able.some(({ name }) => name === where.device);
  const ok = wrong.length === 0 && asked;
  if (json) process.stdout.write(`${JSON.stringify({ schemaVersion: 2, ok, auto, executors }, null, 1)}\n`);
  else process.stdout.write(`${describe(executors, auto)}\n`);
  if (wrong.length > 0)
    throw new CommandError(
      `Wrong bits after twenty steps on: ${wrong.map(({ name }) => name).join(', ')}. Do not trust results made there.`,
      exitCodes.failed,
    );
  if (!asked) {
    const { problem = 'it was not found' } = executors.find(({ name }) => name === where.device) ?? {};
    throw new CommandError(`--device ${where.device} cannot be used: ${problem}`, exitCodes.environment);
  }
}

/** The executors to look at: the one asked for, or all that there may be; the reference, which tells right from wrong. */
async function wantedOf({ device, browser }: HostOptions): Promise<Examined['name'][]> {
  if (device !== 'auto') return [device, 'reference'];
  const chrome = (await installedBrowser(browser)) !== undefined;
  return [
    ...(chrome && hasGpu() ? (['gpu'] as const) : []),
    'cpu',
    ...(chrome ? (['software'] as const) : []),
    'reference',
  ];
}

async function examine(name: Examined['name'], where: HostOptions): Promise<Examined> {
  const reference = name === 'reference';
  const device: DeviceChoice = reference ? 'cpu' : name;
  const look = async (host: Host): Promise<Examined> => ({
    name,
    where: reference ? 'TypeScript, one operation after another' : host.says.replace(/: as asked$/, ''),
    adapter: host.adapter,
    probe: await host.run(
      'probe',
      { reference },
      progressOnly(() => undefined),
    ),
  });
  try {
    return await withHost({ browser: where.browser, device, threads: 1 }, look);
  } catch (error) {
    // A signal ends the command; what an executor lacks is what is asked.
    if (error instanceof CommandError && error.exitCode > 128) throw error;
    return { name, problem: error instanceof Error ? error.message : String(error) };
  }
}

function describe(executors: readonly Examined[], auto: string): string {
  const rows = executors.map(({ name, where, probe, agrees, problem }) => [
    name,
    probe === undefined ? '-' : probe.stepMs.toPrecision(3),
    probe === undefined ? '-' : probe.compileMs.toPrecision(3),
    problem === undefined ? (agrees ? 'same bits' : 'other bits') : 'cannot be used',
    name === auto ? '<- auto' : '',
    problem ?? where ?? '',
  ]);
  const widest = formatTable([
    ['executor', 'ms a step', 'compile ms', 'after 20 steps', '', ''],
    ...rows.map((r) => [...r.slice(0, 5), '']),
  ]);
  const where = ['', ...rows.map((row) => row[5])];
  const table = widest.split('\n').map((line, i) => `${line.trimEnd()}  ${where[i]}`.trimEnd());
  return [
    ...table,
    '',
    "A step is one of the quick study's: both posteriors, batch 64. Bits are compared with the reference's; a GPU may round otherwise.",
    `--device auto takes ${auto === 'gpu' ? 'the GPU' : 'the CPU'} here.`,
    ...(executors.some(({ name }) => name === 'gpu' || name === 'software')
      ? []
      : ['', 'There is no Chrome, which WebGPU would need here; nothing else does.', `  --> ${WAYS_TO_FIX}`]),
  ].join('\n');
}

export const doctor = defineCommand({
  name: 'doctor',
  summary: 'what can compute here: twenty steps on every executor, their bits compared, their speed',
  usage: ['[--device NAME]'],
  options: { ...asJson, ...placed },
  prints: {
    'ms a step': "of the quick study's training: both posteriors, batch 64",
    'compile ms': 'of that step, once',
    'after 20 steps':
      'whether the bits are those of the reference, which is plain TypeScript; a GPU may round otherwise',
  },
  examples: [
    ['unweave doctor', 'every executor that there may be'],
    ['unweave doctor --device software', 'exits with 3, and says what is missing, where WebGPU cannot be used'],
  ],
  run: (values) => doctorCommand({ json: values.json, where: whereOf(values) }),
});
