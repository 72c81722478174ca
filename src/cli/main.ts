// The `unweave` command: reads its arguments, runs one command, and ends with an exit code that means something.

import { parseArgs } from 'node:util';
import { InputError } from '../engine';
import { tableStudies } from '../studies';
import { benchCommand } from './commands/bench';
import { doctorCommand } from './commands/doctor';
import { encodeCommand, encodeOptions } from './commands/encode';
import { invarianceCommand } from './commands/invariance';
import { mergeCommand, reportCommand } from './commands/merge';
import { miCommand } from './commands/mi';
import { studyCommand } from './commands/study';
import { submitCommand } from './commands/submit';
import { trainCommand } from './commands/train';
import { tuneCommand } from './commands/tune';
import { CommandError, exitCodes, nearest, usageError, wholeNumber } from './errors';
import { HELP } from './help';
import { type DeviceChoice, devices, type HostOptions } from './hosts';
import { watchSignals } from './interruption';
import { scoreFiles } from './scoresOfFiles';
import { scoreRun } from './scoresOfRun';
import { tableStudyCommand } from './tableStudy';
import { trainOptions } from './trainOptions';
import { packageVersion } from './versions';

const common = {
  json: { type: 'boolean', default: false },
  device: { type: 'string', default: 'auto' },
  threads: { type: 'string' },
  browser: { type: 'string' },
  help: { type: 'boolean', short: 'h', default: false },
} as const;

const studyOptions = {
  ...common,
  preset: { type: 'string', default: 'quick' },
  keep: { type: 'boolean', default: false },
  shard: { type: 'string' },
  list: { type: 'boolean', default: false },
  out: { type: 'string' },
  force: { type: 'boolean', default: false },
} as const;

const submitOptions = {
  help: common.help,
  preset: { type: 'string', default: 'standard' },
  slurm: { type: 'boolean', default: false },
  kubernetes: { type: 'boolean', default: false },
  shards: { type: 'string', default: '1' },
  cpus: { type: 'string', default: '2' },
  out: { type: 'string' },
  image: { type: 'string' },
  claim: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
} as const;

const miOptions = {
  json: common.json,
  help: common.help,
  x: { type: 'string' },
  y: { type: 'string' },
  given: { type: 'string' },
  discrete: { type: 'string' },
  estimator: { type: 'string' },
  k: { type: 'string', default: '5' },
  permutations: { type: 'string', default: '0' },
  se: { type: 'boolean', default: false },
  unit: { type: 'string', default: 'nats' },
  'no-standardize': { type: 'boolean', default: false },
  marginals: { type: 'string' },
  metric: { type: 'string', default: 'max' },
  dequantize: { type: 'boolean', default: false },
  matrix: { type: 'boolean', default: false },
  local: { type: 'boolean', default: false },
  seed: { type: 'string', default: '0' },
} as const;

const metricsOptions = {
  ...common,
  rows: { type: 'string' },
  codes: { type: 'string' },
  factors: { type: 'string' },
  logvar: { type: 'string' },
  cardinalities: { type: 'string' },
  only: { type: 'string' },
  seed: { type: 'string', default: '0' },
} as const;

const invarianceOptions = {
  ...common,
  means: { type: 'string' },
  logvar: { type: 'string' },
  cholesky: { type: 'string' },
  latents: { type: 'string' },
  margin: { type: 'string', default: '0.05' },
  seed: { type: 'string', default: '0' },
  calibrate: { type: 'boolean', default: false },
} as const;

const benchOptions = {
  ...common,
  json: { type: 'string' },
  csv: { type: 'string' },
  filter: { type: 'string', default: '*' },
  baseline: { type: 'string' },
  'fail-above': { type: 'string' },
  force: { type: 'boolean', default: false },
} as const;

const commands: Record<string, (argv: string[]) => Promise<void>> = {
  async study(argv) {
    const { values, positionals } = parse(argv, studyOptions);
    if (values.help) return print(HELP);
    if (positionals.length > 1) throw usageError(`study takes one name; "${positionals[1]}" is too many.`);
    const [study = 'decline'] = positionals;
    const { out, force, json } = values;
    const only = ['list', 'keep', 'shard'] as const;
    const stray = only.find((name) => values[name] !== undefined && values[name] !== false);
    if (Object.hasOwn(tableStudies, study) && (stray !== undefined || values.preset !== 'quick'))
      throw usageError(`study ${study} trains nothing: it takes no --${stray ?? 'preset'}.`);
    if (Object.hasOwn(tableStudies, study))
      return await tableStudyCommand({ study, out, force, json, where: whereOf(values) });
    await studyCommand({
      study,
      preset: values.preset,
      out: values.out,
      force: values.force,
      keep: values.keep,
      shard: values.shard,
      list: values.list,
      json: values.json,
      where: whereOf(values),
    });
  },
  async merge(argv) {
    const { values, positionals } = parse(argv, { json: common.json, help: common.help, force: studyOptions.force });
    if (values.help) return print(HELP);
    const [out, ...folders] = positionals;
    if (out === undefined) throw usageError('merge needs a folder: unweave merge OUT DIR...');
    await mergeCommand({ out, folders, force: values.force, json: values.json });
  },
  async report(argv) {
    const { values, positionals } = parse(argv, {
      help: common.help,
      out: { type: 'string' },
      force: studyOptions.force,
    });
    if (values.help) return print(HELP);
    await reportCommand({ folders: positionals, out: values.out, force: values.force });
  },
  async submit(argv) {
    const { values, positionals } = parse(argv, submitOptions);
    if (values.help) return print(HELP);
    if (positionals.length > 1) throw usageError(`submit takes one name; "${positionals[1]}" is too many.`);
    if (values.slurm === values.kubernetes) throw usageError('submit needs --slurm or --kubernetes, one of them.');
    if (values.out === undefined) throw usageError('submit needs --out DIR, which all tasks must see.');
    await submitCommand({
      study: positionals[0] ?? 'decline',
      preset: values.preset,
      system: values.slurm ? 'slurm' : 'kubernetes',
      shards: wholeNumber('--shards', values.shards, 1),
      cpus: wholeNumber('--cpus', values.cpus, 1),
      out: values.out,
      image: values.image,
      claim: values.claim,
      dryRun: values['dry-run'],
    });
  },
  async train(argv) {
    const { values, positionals } = parse(argv, { ...common, ...trainOptions });
    if (values.help) return print(HELP);
    if (positionals.length > 0) throw usageError(`train takes no argument; got "${positionals[0]}".`);
    const { json, device, threads, browser, ...given } = values;
    await trainCommand({ given, json, where: whereOf({ device, threads, browser }) });
  },
  async encode(argv) {
    const { values, positionals } = parse(argv, { ...common, ...encodeOptions });
    if (values.help) return print(HELP);
    if (positionals.length > 1) throw usageError(`encode takes one run; "${positionals[1]}" is too many.`);
    const { data, out, force, json } = values;
    await encodeCommand({ run: positionals[0], data, out, force, json, where: whereOf(values) });
  },
  async mi(argv) {
    const { values, positionals } = parse(argv, miOptions);
    if (values.help) return print(HELP);
    if (positionals.length > 1) throw usageError(`mi takes one file; "${positionals[1]}" is too many.`);
    await miCommand({
      ...values,
      file: positionals[0],
      x: values.x,
      y: values.y,
      given: values.given,
      discrete: values.discrete,
      estimator: values.estimator,
      marginals: values.marginals,
      standardError: values.se,
      standardize: !values['no-standardize'],
    });
  },
  async metrics(argv) {
    const { values, positionals } = parse(argv, metricsOptions);
    if (values.help) return print(HELP);
    if (positionals.length > 1) throw usageError(`metrics takes one run; "${positionals[1]}" is too many.`);
    const { codes, factors, logvar, cardinalities, rows, only, seed, json } = values;
    const [run] = positionals;
    if (run === undefined && rows !== undefined) throw usageError('--rows is for a run: unweave metrics RUN --rows N.');
    if (run === undefined) return scoreFiles({ codes, factors, logvar, cardinalities, only, seed, json });
    if ((codes ?? factors ?? logvar ?? cardinalities) !== undefined)
      throw usageError(`metrics takes a run or files, not both; "${run}" is a run.`);
    await scoreRun({ run, rows, only, seed, json, where: whereOf(values) });
  },
  async invariance(argv) {
    const { values, positionals } = parse(argv, invarianceOptions);
    if (values.help) return print(HELP);
    if (positionals.length > 0) throw usageError(`invariance takes no argument; got "${positionals[0]}".`);
    const { means, logvar, cholesky, latents, margin, seed, json, calibrate } = values;
    const files = { means, logvar, cholesky, latents };
    await invarianceCommand({ ...files, margin, seed, json, calibrate, where: whereOf(values) });
  },
  async bench(argv) {
    const { values, positionals } = parse(argv, benchOptions);
    if (values.help) return print(HELP);
    if (positionals.length > 0) throw usageError(`bench takes no argument; got "${positionals[0]}".`);
    await benchCommand({
      filter: values.filter,
      jsonFile: values.json,
      csvFile: values.csv,
      baseline: values.baseline,
      failAbove: values['fail-above'],
      force: values.force,
      where: whereOf(values),
    });
  },
  async tune(argv) {
    const { values, positionals } = parse(argv, common);
    if (values.help) return print(HELP);
    if (positionals.length > 0) throw usageError(`tune takes no argument; got "${positionals[0]}".`);
    await tuneCommand({ json: values.json, where: whereOf(values) });
  },
  async doctor(argv) {
    const { values, positionals } = parse(argv, common);
    if (values.help) return print(HELP);
    if (positionals.length > 0) throw usageError(`doctor takes no argument; got "${positionals[0]}".`);
    await doctorCommand({ json: values.json, where: whereOf(values) });
  },
};

const print = (text: string): void => void process.stdout.write(text);

type Options = NonNullable<NonNullable<Parameters<typeof parseArgs>[0]>['options']>;

/** parseArgs with a message that suggests the nearest option. */
function parse<T extends Options>(argv: string[], options: T) {
  for (const argument of argv) {
    const name = /^--([^=]+)/.exec(argument)?.[1];
    if (name === undefined || Object.hasOwn(options, name)) continue;
    if (name === 'gpu' && Object.hasOwn(options, 'device'))
      throw usageError('--gpu is now --device.', `It takes ${devices.join(', ')}.`);
    const suggestion = nearest(name, Object.keys(options));
    throw usageError(
      `Unknown option --${name}.`,
      suggestion === undefined ? 'See unweave --help.' : `Did you mean --${suggestion}?`,
    );
  }
  try {
    return parseArgs({ args: argv, options, allowPositionals: true, strict: true });
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : String(cause), 'See unweave --help.');
  }
}

/** Where it shall run. Throws a usage error. */
function whereOf(given: { device: string; threads?: string; browser?: string }): HostOptions {
  const device: DeviceChoice | undefined = devices.find((each) => each === given.device);
  if (device === undefined) throw usageError(`--device is "${given.device}".`, `It takes ${devices.join(', ')}.`);
  if (given.threads === undefined) return { device, browser: given.browser };
  if (device === 'gpu' || device === 'software')
    throw usageError(`--threads is for the CPU, and --device is ${device}.`, 'Leave one of them out.');
  return { device, threads: wholeNumber('--threads', given.threads, 1), browser: given.browser };
}

async function main(argv: string[]): Promise<number> {
  const [name, ...rest] = argv;
  try {
    if (name === undefined || name === '--help' || name === '-h' || name === 'help') print(HELP);
    else if (name === '--version') print(`${packageVersion()}\n`);
    else if (Object.hasOwn(commands, name)) await commands[name](rest);
    else {
      const suggestion = nearest(name, Object.keys(commands));
      throw usageError(
        `There is no command "${name}".`,
        suggestion === undefined ? 'See unweave --help.' : `Did you mean "${suggestion}"?`,
      );
    }
    return exitCodes.ok;
  } catch (error) {
    const known = error instanceof CommandError;
    if (error instanceof InputError) {
      process.stderr.write(`unweave: ${error.message}\n`);
      return exitCodes.usage;
    }
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\nunweave: ${message}\n`);
    if (known && error.hint !== undefined) process.stderr.write(`  --> ${error.hint}\n`);
    return known ? error.exitCode : exitCodes.failed;
  }
}

// A reader that stops early (such as `head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failed),
);
// A terminal that is gone takes no more words.
process.stderr.on('error', () => undefined);
watchSignals();
process.exitCode = await main(process.argv.slice(2));
