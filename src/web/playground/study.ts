// The playground's two arms as a study of one cell, so that what it says comes from the same statistics, and is drawn by the same figures, as
// every other study's results.

import { jobOf } from '../../runs/job';
import { settingOf } from '../../runs/recipe';
import type { ModelRecord } from '../../runs/record';
import type { Flat } from '../../runs/setting';
import { type Results, resultsOf } from '../../studies/results';
import type { Arm, Definition, Entry } from '../../studies/study';
import { liveMeasures } from './session';
import { armNames, flatOfArm, type Side, type State, sides } from './state';

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
export async function resultsOfState(
  state: State,
  records: Readonly<Record<Side, ReadonlyMap<number, ModelRecord>>>,
  versions: Readonly<Record<string, string>>,
): Promise<Results | undefined> {
  const names = armNames(state);
  const byName = new Map<string, ModelRecord>();
  const entries: Entry[] = [];
  for (const side of sides) {
    const setting = settingOf(flatOfArm(state, side));
    for (const [seed, record] of records[side]) {
      const job = await jobOf(setting, seed);
      entries.push({ cell: CELL, arm: names[side], seed, job });
      byName.set(job.name, record);
    }
  }
  if (entries.length === 0) return undefined;
  const seeds = [...new Set(entries.map(({ seed }) => seed))].sort((a, b) => a - b);
  entries.sort((a, b) => a.seed - b.seed);
  return resultsOf({ ...definitionOfState(state), seeds }, entries, byName, versions);
}
