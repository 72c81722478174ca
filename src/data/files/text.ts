// Numbers in text: comma, semicolon, tab or blanks between columns, a header or none, `#` or `%` begins a comment.

import { InputError } from '../../engine';
import type { NumberArray } from './npy';

export interface TextTable extends NumberArray {
  /** Names of the columns; their numbers where there is no header. */
  readonly names: readonly string[];
}

/** Reads a table of numbers, rows by columns. Throws InputError naming `name`, row and column (both from 1 on). */
export function readText(text: string, name: string): TextTable {
  const lines = text
    .split(/\r?\n/)
    .map((line, i) => ({ number: i + 1, line: line.replace(/[#%].*/, '').trim() }))
    .filter(({ line }) => line !== '');
  if (lines.length === 0) throw new InputError(`${name} holds no numbers.`);
  const separator = [',', ';', '\t'].find((each) => lines[0].line.includes(each)) ?? /\s+/;
  const rows = lines.map(({ number, line }) => ({ number, cells: line.split(separator).map((cell) => cell.trim()) }));
  const [first] = rows;
  const hasHeader = first.cells.some((cell) => cell !== '' && Number.isNaN(numberOf(cell)) && !/^nan$/i.test(cell));
  const names = hasHeader ? first.cells.map(unquote) : first.cells.map((_, i) => String(i));
  const body = hasHeader ? rows.slice(1) : rows;
  if (body.length === 0) throw new InputError(`${name} has a header and no rows.`);
  const data = new Float64Array(body.length * names.length);
  for (const [i, { number, cells }] of body.entries()) {
    if (cells.length !== names.length) {
      throw new InputError(`${name}, row ${number}: ${cells.length} columns, where the first row has ${names.length}.`);
    }
    for (const [j, cell] of cells.entries()) {
      const value = numberOf(cell);
      if (Number.isNaN(value) && !/^nan$/i.test(cell)) {
        throw new InputError(`${name}, row ${number}, column ${j + 1}: "${cell}" is not a number.`);
      }
      data[i * names.length + j] = value;
    }
  }
  return { shape: [body.length, names.length], data, names };
}

const unquote = (cell: string): string => cell.replace(/^"(.*)"$/, '$1');

function numberOf(cell: string): number {
  const text = unquote(cell);
  if (text === '') return Number.NaN;
  const infinite = /^([+-]?)inf(inity)?$/i.exec(text);
  if (infinite !== null) return infinite[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return Number(text);
}
