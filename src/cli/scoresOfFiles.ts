// `unweave metrics`: disentanglement scores of codes and factors from files, in Node; no score without its interval, its
// level by chance and its ceiling.

import { existsSync } from 'node:fs';
import { InputError } from '../engine';
import {
  DEAD_DEVIATION,
  type ScoreEntry,
  type ScoreName,
  type ScoreReport,
  scoreCodes,
  scoreNames,
  scores,
} from '../metrics';
import { loadTable, type Table } from './arrays';
import { commandLine, nearest, next, seedOf, usageError } from './errors';
import { checkFileWritable, writeWhole } from './folders';
import { leaveSignals } from './interruption';
import { finiteOnly, formatTable, Progress } from './output';

export interface MetricsArguments {
  readonly codes: string | undefined;
  readonly factors: string | undefined;
  readonly logvar: string | undefined;
  readonly cardinalities: string | undefined;
  readonly only: string | undefined;
  readonly csv: string | undefined;
  readonly seed: string;
  readonly json: boolean;
}

export async function scoreFiles(args: MetricsArguments): Promise<void> {
  if (args.codes === undefined) throw usageError('metrics needs --codes codes.npy.', 'See unweave metrics --help.');
  if (args.factors === undefined)
    throw usageError('metrics needs --factors factors.npy.', 'See unweave metrics --help.');
  const seed = seedOf('--seed', args.seed);
  await checkCsv(args.csv);
  const only = args.only === undefined ? undefined : chosenScores(args.only.split(','), args.logvar !== undefined);
  const codes = await loadTable(args.codes);
  const factors = await loadTable(args.factors);
  const logvar = args.logvar === undefined ? undefined : await loadTable(args.logvar);
  sameRows(args.codes, codes, args.factors, factors);
  if (logvar !== undefined) {
    sameRows(args.codes, codes, args.logvar ?? '', logvar);
    if (logvar.columns.length !== codes.columns.length)
      throw new InputError(
        `${args.logvar} has ${logvar.columns.length} columns, but ${args.codes} has ${codes.columns.length} latents.`,
      );
    checkFinite(args.logvar ?? '', logvar);
  }
  checkValues(factors, args.cardinalities);
  const progress = new Progress();
  leaveSignals();
  const report = scoreCodes({
    codes: codes.columns,
    factors: factors.columns,
    deviations: logvar?.columns.map((values) => values.map((value) => Math.exp(value / 2))),
    only,
    seed,
    onProgress: (stage, share) => progress.update(stage, share),
  });
  progress.end();
  const [refused] = report.leftOut.slice(-1);
  if (refused !== undefined && (only !== undefined || report.scores.length === 0)) throw new InputError(refused.reason);
  for (const { name, reason } of report.leftOut) process.stderr.write(`left out: ${name}: ${reason}\n`);
  if (args.json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...report }, finiteOnly, 1)}\n`);
  else process.stdout.write(`${describe(report, factors)}\n`);
  next(
    args.logvar === undefined
      ? commandLine('unweave', 'mi', args.codes, '--matrix')
      : commandLine('unweave', 'invariance', '--means', args.codes, '--logvar', args.logvar),
  );
  if (args.csv !== undefined)
    await writeWhole(
      args.csv,
      csvOf(
        [['score', ...CSV_NUMBERS]],
        report.scores.map((score) => [score.name, ...csvNumbers(score)]),
      ),
    );
}

/**
 * Scores by name, or by the word that several names begin with; of those, one that needs posteriors only where they are known.
 * Throws a usage error for a name there is not, or one that cannot be given.
 */
export function chosenScores(words: readonly string[], posteriors: boolean): ScoreName[] {
  const chosen = words.flatMap((part) => {
    const word = part.trim();
    const able = (name: ScoreName): boolean => posteriors || !('posterior' in scores[name]);
    const exact = scoreNames.filter((name) => name === word);
    if (exact.some((name) => !able(name)))
      throw usageError(
        `--only ${word} needs the deviations of the posteriors.`,
        'Give their log-variances: --logvar FILE.',
      );
    const family =
      exact.length > 0 ? exact : scoreNames.filter((name) => word !== '' && name.startsWith(word) && able(name));
    if (family.length > 0) return family;
    if (word === 'udr') throw usageError('--only: udr compares replicas; it is for a run: unweave metrics RUN.');
    const suggestion = nearest(word, scoreNames);
    throw usageError(
      `--only: there is no score "${word}".`,
      `${suggestion === undefined ? '' : `Did you mean ${suggestion}? `}There are ${scoreNames.join(', ')}.`,
    );
  });
  return [...new Set(chosen)];
}

function sameRows(name: string, a: Table, other: string, b: Table): void {
  const [rows, others] = [a, b].map(({ columns }) => columns[0]?.length ?? 0);
  if (rows !== others) throw new InputError(`${name} has ${rows} rows, but ${other} has ${others}.`);
}

function checkFinite(name: string, { columns, names }: Table): void {
  for (const [j, values] of columns.entries()) {
    const bad = values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new InputError(`${name}: row ${bad + 1} of column ${names[j]} is ${values[bad]}, not a finite number.`);
  }
}

function checkValues({ columns, names }: Table, given: string | undefined): void {
  for (const [j, values] of columns.entries()) {
    const bad = values.findIndex((value) => !Number.isInteger(value) || value < 0);
    if (bad >= 0) {
      throw new InputError(
        `--factors: row ${bad + 1} of column ${names[j]} is ${values[bad]}; a factor is the number of its value: 0, 1, 2, ...`,
      );
    }
  }
  if (given === undefined) return;
  const cardinalities = given.split(',').map(Number);
  if (cardinalities.some((count) => !Number.isInteger(count) || count < 1))
    throw usageError(`--cardinalities is "${given}".`, 'It takes whole numbers, such as 3,6,40,32,32.');
  if (cardinalities.length !== columns.length)
    throw usageError(`--cardinalities has ${cardinalities.length} numbers for ${columns.length} factors.`);
  for (const [j, values] of columns.entries()) {
    const bad = values.findIndex((value) => value >= cardinalities[j]);
    if (bad >= 0) {
      throw new InputError(
        `--factors: row ${bad + 1} of column ${names[j]} is ${values[bad]}, but it has ${cardinalities[j]} values, 0 to ${cardinalities[j] - 1}.`,
      );
    }
  }
}

export const LEGEND = [
  '90 %: where the score of another sample of as many rows would lie; for comparing codes scored on as many rows.',
  'Bias: about how much higher the score is than on many more rows, where that can be estimated; it is not in the interval.',
  'Chance: the same codes, shuffled. Ceiling: the true factors as codes, on these rows.',
].join('\n');

function describe(report: ScoreReport, factors: Table): string {
  const head = ['score', 'value', '90 %', 'bias', 'chance', 'ceiling', ''];
  const rows = report.scores.map((score) => [score.name, ...numbersOf(score), score.title]);
  const { deadLatents } = report;
  return [
    formatTable([head, ...rows]),
    '',
    aboutRows(report),
    deadLatents.length === 0
      ? NONE_DEAD
      : `Dead latents (standard deviation below ${DEAD_DEVIATION}): ${deadLatents.join(', ')}.`,
    ...aboutConstant(report, (j) => factors.names[j]),
    LEGEND,
    ...report.scores.map(constantsLine),
  ].join('\n');
}

export const NONE_DEAD = `No latent is dead (standard deviation below ${DEAD_DEVIATION}).`;

type About = Pick<ScoreReport, 'rows' | 'complete' | 'latents' | 'factors' | 'seed' | 'constantFactors'>;

/** What was scored, in a line. */
export const aboutRows = ({ rows, complete, latents, factors, seed }: About): string =>
  `${rows} rows${complete ? ', every combination once' : ''}, ${latents} latents, ${factors} factors, seed ${seed}.`;

/** The factors that no score can see, in a line, where there are any. */
export const aboutConstant = ({ constantFactors }: About, nameOf: (factor: number) => string): string[] =>
  constantFactors.length === 0
    ? []
    : [`Left out, because they do not vary: factors ${constantFactors.map(nameOf).join(', ')}.`];

/** Value, interval, bias, chance level and ceiling, as they are printed. */
export const numbersOf = ({ value, interval, bias, chance, ceiling }: Omit<ScoreEntry, 'name'>): string[] => [
  three(value),
  interval.map(three).join(' ... '),
  bias === null ? '-' : three(bias),
  three(chance),
  three(ceiling),
];

export const CSV_NUMBERS = ['value', 'low', 'high', 'bias', 'chance', 'ceiling'] as const;

/** The same for a program: all digits, and nothing where there is no number. */
export const csvNumbers = ({ value, interval, bias, chance, ceiling }: Omit<ScoreEntry, 'name'>): string[] =>
  [value, ...interval, bias, chance, ceiling].map((each) =>
    each !== null && Number.isFinite(each) ? String(each) : '',
  );

export const csvOf = (...parts: readonly (readonly (readonly string[])[])[]): string =>
  `${parts
    .flat()
    .map((row) => row.join(','))
    .join('\n')}\n`;

/** Throws a usage error where the table cannot be written, or would replace a file. */
export async function checkCsv(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  if (existsSync(file)) throw usageError(`--csv: ${file} exists.`, 'Name another file.');
  await checkFileWritable(file);
}

/** Three digits; what is not finite, or came as null for that reason, has none. */
const three = (value: number): string => (Number.isFinite(value) ? value.toFixed(3) : 'infinite');

/** Every constant of the protocol, on one line. */
export const constantsLine = ({ name, constants }: { name: string; constants: ScoreEntry['constants'] }): string =>
  `${name}: ${Object.entries(constants)
    .map(([key, value]) => `${key} ${String(value)}`)
    .join('; ')}`;
