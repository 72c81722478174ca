// The playground's two arms as a study of one cell, so that what it says comes from the same statistics, and is drawn by the same figures, as
// every other study's results.

import type { ModelRecord } from '../../runs/record';
import type { Flat } from '../../runs/setting';
import { type Place, type Results, resultsOf } from '../../studies/results';
import type { Arm, Definition } from '../../studies/study';
import { liveMeasures } from './session';
import { armNames, type Side, type State, sides } from './state';

const CELL = 'live';

const dataText = (base: Flat): string => {
  const { objective, data } = base;
  const beta = base['objective.beta'] === undefined ? '' : ` β = ${base['objective.beta']}`;
  return `${data}, ${objective}${beta}`;
};

export function definitionOfState(state: State): Definition {
  const names = armNames(state);
  const arms = sides.map(
    (side): Arm => ({ name: names[side], change: state.arms[side], prediction: 'free', because: '' }),
  );
  return {
    name: 'playground',
    preset: CELL,
    question: 'Do these two arms disentangle differently?',
    act: `Going from ${names.left} to ${names.right}`,
    about: dataText(state.base),
    base: state.base,
    measures: liveMeasures,
    cells: [{ name: CELL, about: dataText(state.base), change: {}, arms }],
    seeds: [],
    contrasts: [
      {
        cell: CELL,
        score: 'mig',
        from: { arm: names.left, basis: 'own' },
        to: { arm: names.right, basis: 'own' },
      },
    ],
    onlyRuns: true,
  };
}

/** What the records of both arms say so far; undefined without any. */
export function resultsOfState(
  state: State,
  records: Readonly<Record<Side, ReadonlyMap<number, ModelRecord>>>,
): Results | undefined {
  const names = armNames(state);
  const all = sides.flatMap((side) => [...records[side]].map(([seed, record]) => ({ side, seed, record })));
  if (all.length === 0) return undefined;
  const entries = all
    .map(({ side, seed, record }): Place => ({ cell: CELL, arm: names[side], seed, job: record }))
    .sort((a, b) => a.seed - b.seed);
  const seeds = [...new Set(entries.map(({ seed }) => seed))];
  const byName = new Map(all.map(({ record }) => [record.name, record]));
  return resultsOf({ ...definitionOfState(state), seeds }, entries, byName, {});
}
