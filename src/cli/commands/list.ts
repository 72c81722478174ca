// `unweave list WHAT`: everything that has a name, with what it is and the numbers it takes.

import { caseNames } from '../../../bench/run';
import { dataSets } from '../../data';
import { type DataSetName, dataSetOptions } from '../../data/catalogue';
import { estimators, scores } from '../../metrics';
import { type NumberRecipe, objectives, posteriors, type Recipe } from '../../runs/families';
import { studies, tableStudies } from '../../studies';
import { nearest, usageError } from '../errors';
import { formatTable } from '../output';
import { flagOf } from '../trainOptions';
import { defineCommand, json } from './command';

interface Entry {
  readonly name: string;
  readonly about: string;
  readonly [more: string]: unknown;
}

const defaultOf = ({ default: value }: NumberRecipe): number | string =>
  typeof value === 'number' ? value : 'follows';

const recipes = (table: Readonly<Record<string, Recipe>>): Entry[] =>
  Object.entries(table).map(([name, { about, numbers }]) => ({
    name,
    about,
    numbers: Object.entries(numbers).map(([number, recipe]) => ({
      number: `--${flagOf(number)}`,
      about: recipe.about,
      default: defaultOf(recipe),
      least: recipe.least ?? null,
      most: recipe.most ?? null,
    })),
  }));

const tables: Readonly<Record<string, () => Entry[]>> = {
  data: () =>
    Object.entries(dataSets).map(([name, about]) => ({ name, about, options: dataSetOptions(name as DataSetName) })),
  posteriors: () => recipes(posteriors),
  objectives: () => recipes(objectives),
  scores: () => Object.entries(scores).map(([name, { title }]) => ({ name, about: title })),
  estimators: () => Object.entries(estimators).map(([name, about]) => ({ name, about })),
  studies: () => [
    ...Object.entries(studies).map(([name, { question, presets }]) => ({
      name,
      about: question,
      presets: Object.keys(presets),
    })),
    ...Object.entries(tableStudies).map(([name, { question }]) => ({ name, about: question, presets: [] })),
  ],
  bench: () => caseNames().map((name) => ({ name, about: 'a case of unweave bench' })),
};

const names = Object.keys(tables);

/** What an entry takes, in lines below it. */
function details(entry: Entry): string[] {
  const { numbers, options, presets } = entry as {
    numbers?: readonly { number: string; about: string; default: number | string }[];
    options?: readonly string[];
    presets?: readonly string[];
  };
  return [
    ...(numbers ?? []).map(({ number, about, default: otherwise }) => `    ${number}  ${about} (${otherwise})`),
    ...(options === undefined || options.length === 0 ? [] : [`    --data-options  ${options.join(', ')}`]),
    ...(presets === undefined || presets.length === 0 ? [] : [`    --preset  ${presets.join(', ')}`]),
  ];
}

function describe(entries: readonly Entry[]): string {
  const rows = formatTable(entries.map(({ name }) => [name])).split('\n');
  return entries.flatMap((entry, i) => [`${rows[i]}  ${entry.about}`, ...details(entry)]).join('\n');
}

export const list = defineCommand({
  name: 'list',
  summary: `what there is by name: ${names.join(', ')}`,
  usage: names,
  takes: { most: 1, what: 'one of them', names },
  options: { ...json },
  examples: [
    ['unweave list posteriors', 'the families of q(z|x), and the options of unweave train that each takes'],
    ['unweave list data --json', 'the data sets with their options, for a program'],
  ],
  run(values, [what]) {
    if (what === undefined) throw usageError('list needs to know what.', `It takes ${names.join(', ')}.`);
    if (!Object.hasOwn(tables, what)) {
      const suggestion = nearest(what, names);
      throw usageError(
        `There is no list of "${what}".`,
        `${suggestion === undefined ? '' : `Did you mean "${suggestion}"? `}It takes ${names.join(', ')}.`,
      );
    }
    const entries = tables[what]();
    const text = values.json ? JSON.stringify({ schemaVersion: 1, [what]: entries }, null, 1) : describe(entries);
    process.stdout.write(`${text}\n`);
    return Promise.resolve();
  },
});
