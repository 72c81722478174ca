// The worker that does the statistics of the playground: with many seeds they take longer than a page may stand still.

import { type Figure, figuresOf } from '../../figures/figureData';
import type { ModelRecord } from '../../runs/record';
import type { Results } from '../../studies/results';
import type { Side, State } from './state';
import { resultsOfState } from './study';

export interface ToAnalyse {
  readonly id: number;
  readonly state: State;
  readonly records: Readonly<Record<Side, ReadonlyMap<number, ModelRecord>>>;
}

export interface Analysed {
  readonly id: number;
  readonly results: Results | null;
  readonly figures: readonly Figure[];
}

addEventListener('message', ({ data: { id, state, records } }: MessageEvent<ToAnalyse>) => {
  const results = resultsOfState(state, records);
  const figures = results === undefined ? [] : figuresOf(results, results.analysis.cells[0]);
  postMessage({ id, results: results ?? null, figures } satisfies Analysed);
});
