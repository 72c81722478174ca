// Tables in text: comma, semicolon, tab or blanks between columns, a header or none, `#` or `%` begins a comment outside quotes.
// A first row without a single number is a header. A column is read when it is asked for, as numbers or as labels, so a column of
// words hurts nobody who does not ask for it as numbers.

import { InputError } from '../../engine';
import type { NumberArray } from './npy';

export interface TextTable extends NumberArray {
  /** Names of the columns; their numbers where there is no header. */
  readonly names: readonly string[];
}

/** Columns of a text file, by number and name, as numbers or as labels. */
export interface TextColumns {
  readonly names: readonly string[];
  /** Rows, without the header. */
  readonly count: number;
  /** A column as numbers. Throws InputError naming file, row and column of the first cell that is none. */
  numbers(column: number): Float64Array;
  /** A column as labels: its numbers where all cells are numbers, else a number for every different text. */
  labels(column: number): Float64Array;
}

interface Row {
  /** Line of the file, from 1 on. */
  readonly number: number;
  readonly cells: readonly string[];
}

/** Reads a table column by column. Throws InputError where it is empty or ragged; rows and columns count from 1. */
export function readColumns(text: string, name: string): TextColumns {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({ number: i + 1, line: withoutComment(line) }))
    .filter(({ line }) => line.trim() !== '');
  if (lines.length === 0) throw new InputError(`${name} holds no numbers.`);
  const separator = separatorOf(lines[0].line);
  const rows = lines.map(({ number, line }): Row => ({ number, cells: cellsOf(line, separator) }));
  const [first] = rows;
  const hasHeader = !first.cells.some(isNumber);
  const names = hasHeader ? first.cells : first.cells.map((_, i) => String(i));
  const body = hasHeader ? rows.slice(1) : rows;
  if (body.length === 0) throw new InputError(`${name} has a header and no rows.`);
  for (const { number, cells } of body) {
    if (cells.length !== names.length)
      throw new InputError(`${name}, row ${number}: ${cells.length} columns, where the first row has ${names.length}.`);
  }
  const numbers = (column: number): Float64Array =>
    Float64Array.from(body, ({ number, cells }) => {
      if (isNumber(cells[column])) return numberOf(cells[column]);
      const column1 = `column ${column + 1}${hasHeader ? ` ("${shortened(names[column])}")` : ''}`;
      throw new InputError(`${name}, row ${number}, ${column1}: "${shortened(cells[column])}" is not a number.`);
    });
  return {
    names,
    count: body.length,
    numbers,
    labels(column) {
      if (body.every(({ cells }) => Number.isFinite(numberOf(cells[column])))) return numbers(column);
      const codes = new Map<string, number>();
      for (const { cells } of body) if (!codes.has(cells[column])) codes.set(cells[column], codes.size);
      return Float64Array.from(body, ({ cells }) => codes.get(cells[column]) ?? 0);
    },
  };
}

/** Reads a table of numbers, rows by columns. Throws InputError naming `name`, row and column (both from 1 on). */
export function readText(text: string, name: string): TextTable {
  const { names, count, numbers } = readColumns(text, name);
  const data = new Float64Array(count * names.length);
  for (const j of names.keys()) for (const [i, value] of numbers(j).entries()) data[i * names.length + j] = value;
  return { shape: [count, names.length], data, names };
}

/** A tab at an edge is an empty cell beside it, unless blanks separate the rest. */
function separatorOf(line: string): string | undefined {
  const words = line.trim();
  const separator = [',', ';', '\t'].find((each) => words.includes(each));
  return separator ?? (line.includes('\t') && !/\s/.test(words) ? '\t' : undefined);
}

/** Up to the first `#` or `%` outside quotes; a quote that is not closed quotes nothing. */
function withoutComment(line: string): string {
  if (!/[#%]/.test(line)) return line;
  const last = line.lastIndexOf('"');
  let quoted = false;
  for (let i = 0; i < line.length; i++) {
    const c = line.charCodeAt(i);
    if (c === QUOTE) quoted = !quoted && i < last;
    else if (!quoted && (c === HASH || c === PERCENT)) return line.slice(0, i);
  }
  return line;
}

const [QUOTE, HASH, PERCENT] = [34, 35, 37];

/** Whether there is an odd number of quotes: a loop, since a list of the parts of a long line takes seconds. */
function turnsOver(part: string): boolean {
  let odd = false;
  for (let i = 0; i < part.length; i++) if (part.charCodeAt(i) === QUOTE) odd = !odd;
  return odd;
}

/** The cells of a line; a separator between quotes is part of its cell. Without a separator, blanks separate. */
function cellsOf(line: string, separator: string | undefined): string[] {
  const parts = separator === undefined ? line.trim().split(/\s+/) : line.split(separator);
  const cells: string[] = [];
  let open = '';
  for (const part of parts) {
    const cell: string = open === '' ? part.trim() : `${open}${separator ?? ' '}${part}`;
    const turns = turnsOver(part);
    const isOpen = open === '' ? turns && cell.startsWith('"') : !turns;
    open = isOpen ? cell : '';
    if (!isOpen) cells.push(unquote(cell.trim()));
  }
  return open === '' ? cells : [...cells, open];
}

/** A cell longer than this is no number and no label: it is kept as it stands. */
const LONGEST = 2 ** 16;

const unquote = (cell: string): string =>
  cell.length <= LONGEST && /^".*"$/.test(cell) ? cell.slice(1, -1).replaceAll('""', '"') : cell;

/** A cell as a message quotes it. */
const shortened = (cell: string): string => (cell.length <= 60 ? cell : `${cell.slice(0, 60)}...`);

const INFINITE = /^[+-]?inf(inity)?$/i;
const NOT_A_NUMBER = /^[+-]?nan$/i;
const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/;

const isNumber = (cell: string): boolean => DECIMAL.test(cell) || INFINITE.test(cell) || NOT_A_NUMBER.test(cell);

function numberOf(cell: string): number {
  if (INFINITE.test(cell)) return cell.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return DECIMAL.test(cell) ? Number(cell) : Number.NaN;
}
