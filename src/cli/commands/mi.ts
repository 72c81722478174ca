// `unweave mi`: information between columns of a file of one's own, in f64, with everything that must be said beside it.

import type { TextColumns } from '../../data';
import {
  type EstimateReport,
  type EstimateRequest,
  type EstimatorName,
  estimate,
  estimatorNames,
  type InformationMatrix,
  informationMatrix,
  type Variable,
} from '../../metrics';
import { chooseColumns, loadColumns } from '../arrays';
import { nearest, seedOf, usageError, wholeNumber } from '../errors';
import { leaveSignals } from '../interruption';
import { finiteOnly, formatTable } from '../output';
import { defineCommand, json, seed } from './command';

export interface MiArguments {
  readonly file: string | undefined;
  readonly x: string | undefined;
  readonly y: string | undefined;
  readonly given: string | undefined;
  readonly discrete: string | undefined;
  readonly estimator: string | undefined;
  readonly k: string;
  readonly permutations: string;
  readonly standardError: boolean;
  readonly unit: string;
  readonly standardize: boolean;
  readonly marginals: string | undefined;
  readonly metric: string;
  readonly dequantize: boolean;
  readonly matrix: boolean;
  readonly local: boolean;
  readonly seed: string;
  readonly json: boolean;
}

const NATS_PER_BIT = Math.LN2;

export async function miCommand(args: MiArguments): Promise<void> {
  if (args.file === undefined) throw usageError('mi needs a file.', 'unweave mi FILE --x COLS --y COLS');
  const unit = oneOf('--unit', args.unit, ['nats', 'bits']);
  const options = {
    k: wholeNumber('--k', args.k, 1),
    permutations: surrogates(args.permutations),
    seed: seedOf('--seed', args.seed),
    metric: oneOf('--metric', args.metric, ['max', 'euclidean'] as const),
    marginals: marginalsOf(args),
    dequantise: args.dequantize,
    standardError: args.standardError,
  };
  if (args.local && !args.json)
    throw usageError('--local is in JSON alone: there is a value for every sample.', 'Add --json.');
  refuseWithMatrix(args);
  const table = await loadColumns(args.file);
  const scale = unit === 'bits' ? 1 / NATS_PER_BIT : 1;
  if (args.matrix) {
    leaveSignals();
    const columns = table.names.map((_, j) => table.numbers(j));
    const { warnings, ...result } = informationMatrix(columns, table.names, options);
    warn(warnings);
    if (args.json) print({ schemaVersion: 1, unit: 'nats', names: table.names, ...result });
    else process.stdout.write(`${matrixTable(table.names, result, scale, unit)}\n`);
    return;
  }
  leaveSignals();
  const request: EstimateRequest = { ...options, ...variablesOf(args, table) };
  const found = estimate(request);
  warn(found.warnings);
  if (args.json) {
    const { local, ...rest } = found;
    const inBits = unit === 'bits' ? { bits: found.nats * scale } : {};
    print({ schemaVersion: 1, ...rest, ...inBits, ...(args.local ? { local: Array.from(local) } : {}) });
  } else {
    process.stdout.write(`${describe(found, scale, unit)}\n`);
  }
}

function warn(warnings: readonly string[]): void {
  for (const warning of warnings) process.stderr.write(`warning: ${warning}\n`);
}

/** More would run for days, and say no more. */
const MOST_SURROGATES = 1_000_000;

function surrogates(given: string): number {
  const count = wholeNumber('--permutations', given, 0);
  if (count > MOST_SURROGATES) throw usageError(`--permutations is ${count}.`, `It takes up to ${MOST_SURROGATES}.`);
  return count;
}

/** What is for one estimate says nothing about a matrix of all pairs. */
function refuseWithMatrix({
  matrix,
  x,
  y,
  given,
  discrete,
  estimator,
  permutations,
  standardError,
  local,
}: MiArguments) {
  if (!matrix) return;
  const stray = Object.entries({ x, y, given, discrete, estimator, se: standardError, local, permutations }).find(
    ([name, value]) => value !== undefined && value !== false && !(name === 'permutations' && Number(value) === 0),
  );
  if (stray !== undefined)
    throw usageError(
      `--matrix is of all pairs of columns, by ksg1: --${stray[0]} would change nothing.`,
      'Leave it out, or leave --matrix out.',
    );
}

const print = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, finiteOnly, 1)}\n`);

function variablesOf(args: MiArguments, table: TextColumns): Pick<EstimateRequest, 'x' | 'y' | 'given' | 'estimator'> {
  const discrete = args.discrete === undefined ? [] : chooseColumns(table, args.discrete, '--discrete');
  const used = new Set<number>();
  const variable = (option: string, chosen: string | undefined): Variable | undefined => {
    if (chosen === undefined) return undefined;
    const indices = chooseColumns(table, chosen, option);
    const labels = indices.filter((i) => discrete.includes(i));
    if (labels.length > 0 && indices.length > 1) {
      throw usageError(`${option} mixes a discrete column with others.`, 'A discrete variable is one column.');
    }
    for (const i of indices) used.add(i);
    return {
      columns: indices.map((i) => (labels.length > 0 ? table.labels(i) : table.numbers(i))),
      names: indices.map((i) => `column ${table.names[i]}`),
      discrete: labels.length > 0,
    };
  };
  if (args.x === undefined) throw usageError('mi needs --x COLS.', `Columns: ${table.names.slice(0, 20).join(', ')}`);
  const variables = {
    x: variable('--x', args.x) as Variable,
    y: variable('--y', args.y),
    given: variable('--given', args.given),
    estimator: estimatorOf(args.estimator),
  };
  const unused = discrete.find((i) => !used.has(i));
  if (unused !== undefined)
    throw usageError(
      `--discrete: column ${table.names[unused]} is in none of --x, --y and --given.`,
      'It says which of their columns are labels.',
    );
  if (variables.estimator === 'ross' && discrete.length === 0)
    throw usageError('--estimator ross needs a column of labels.', 'Name it with --discrete.');
  return variables;
}

const estimatorOf = (name: string | undefined): EstimatorName | undefined =>
  name === undefined ? undefined : oneOf('--estimator', name, estimatorNames);

function marginalsOf({ marginals, standardize }: MiArguments): EstimateRequest['marginals'] {
  if (marginals === undefined) return standardize ? 'standard' : 'none';
  if (!standardize) throw usageError('--no-standardize contradicts --marginals.', 'Give one of them.');
  return oneOf('--marginals', marginals, ['standard', 'normal', 'asinh'] as const);
}

function oneOf<T extends string>(option: string, given: string, known: readonly T[]): T {
  const found = known.find((each) => each === given);
  if (found !== undefined) return found;
  const suggestion = nearest(given, known);
  throw usageError(
    `${option} is "${given}".`,
    `${suggestion === undefined ? '' : `Did you mean ${suggestion}? `}It takes ${known.join(', ')}.`,
  );
}

function describe(found: EstimateReport, scale: number, unit: string): string {
  const { estimator, n, k, nats, standardError, pValue, ceiling } = found;
  const error = standardError === undefined ? '' : ` +- ${(standardError * scale).toFixed(4)}`;
  const rows = [
    `${estimator}: ${(nats * scale).toFixed(6)}${error} ${unit} (n = ${n}, k = ${k})`,
    ...(pValue === undefined ? [] : [`p = ${pValue.toPrecision(3)} (permutations)`]),
    ...(Number.isFinite(ceiling) ? [`ceiling for this n and k: ${(ceiling * scale).toFixed(2)} ${unit}`] : []),
  ];
  return rows.join('\n');
}

function matrixTable(
  names: readonly string[],
  { matrix, nullBand }: Pick<InformationMatrix, 'matrix' | 'nullBand'>,
  scale: number,
  unit: string,
): string {
  const rows = matrix.map((row, i) => [
    names[i],
    ...row.map((value) => (value === null ? '-' : (value * scale).toFixed(3))),
  ]);
  const band = nullBand.map((value) => (value * scale).toFixed(3)).join(' ... ');
  return `${formatTable([[unit, ...names], ...rows])}\n\nIndependent columns (95 % of shuffled pairs): ${band} ${unit}`;
}

export const mi = defineCommand({
  name: 'mi',
  summary: 'information between columns of a file, by nearest neighbours',
  usage: ['FILE --x COLS --y COLS [--given COLS]', 'FILE --x COLS --estimator kl', 'FILE --matrix'],
  takes: { most: 1, what: 'one file' },
  options: {
    x: { type: 'string', value: 'COLS', about: 'columns by number, name or range, as 0-3,size' },
    y: { type: 'string', value: 'COLS', about: 'the other side, the same way' },
    given: { type: 'string', value: 'COLS', about: 'information given these: conditional information' },
    discrete: { type: 'string', value: 'COLS', about: 'columns whose values are labels' },
    estimator: {
      type: 'string',
      value: 'NAME',
      choices: estimatorNames,
      about: 'by default what fits the columns; kl is the entropy of x',
    },
    k: { type: 'string', value: 'N', default: '5', about: 'neighbours, 1 or more' },
    permutations: { type: 'string', value: 'B', default: '0', about: 'a p-value from B surrogates, up to 1000000' },
    se: { type: 'boolean', about: 'a standard error' },
    marginals: {
      type: 'string',
      value: 'NAME',
      choices: ['standard', 'normal', 'asinh'],
      about: 'how every column is scaled first; standard by default',
    },
    'no-standardize': { type: 'boolean', about: 'columns as they are' },
    metric: {
      type: 'string',
      value: 'NAME',
      default: 'max',
      choices: ['max', 'euclidean'],
      about: 'inside a variable of several columns',
    },
    dequantize: { type: 'boolean', about: 'spread rounded values over their step first' },
    matrix: { type: 'boolean', about: 'all pairs of columns, with the band of independent ones' },
    unit: { type: 'string', value: 'NAME', default: 'nats', choices: ['nats', 'bits'], about: 'of what is printed' },
    local: { type: 'boolean', about: 'the contribution of every sample, with --json' },
    ...seed,
    ...json,
  },
  prints: {
    'ksg1: 0.512 +- 0.02': 'the estimator, the information and, with --se, its standard error',
    'n, k': 'rows used, and neighbours',
    p: 'with --permutations: how often as much is found where x and y are shuffled',
    ceiling: 'the most that this estimator can give for so many rows',
  },
  examples: [
    [
      'unweave mi data.csv --x 0 --y 1 --se',
      'I(first; second column) with its error; .csv, text, .npy and .npz:name are read',
    ],
    [
      'unweave mi codes.npy --x 0 --y 1 --given 2-5 --permutations 200',
      'conditional information, and whether it is there at all',
    ],
  ],
  run: ({ se, 'no-standardize': raw, ...values }, [file]) =>
    miCommand({ ...values, file, standardError: se, standardize: !raw }),
});
