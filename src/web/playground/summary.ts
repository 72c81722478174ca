// What the recorded run says, in words: put into the page when it is built, so that it can be read before a script has run.

import { escapeHtml } from '../../figures/html';
import { fixed } from '../../studies/format';
import type { RecordedFile } from './recorded';
import { armName, defaults, type Side, sides } from './state';
import { resultsOfState } from './study';

export function summaryHtml({ records, adapter }: RecordedFile): string {
  const of = (side: Side) =>
    new Map(
      records
        .filter((each) => armName(armOf(each.setting)) === armName(defaults.arms[side]))
        .map((each) => [each.seed, each]),
    );
  const [left, right] = sides.map(of);
  const results = resultsOfState(defaults, { left, right });
  if (results === undefined) throw new Error('nothing is recorded of the default run');
  const difference = fixed(results.analysis.contrasts[0].difference);
  return `<p class="figure-number">${difference}</p><p class="finding">${escapeHtml(results.finding)}</p><p class="note recorded">Recorded before, on the ${escapeHtml(adapter)}.</p>`;
}

/** What sets an arm apart in a setting: 1 is the default of `offDiagonal`, and no dose that of the objective. */
const armOf = (setting: RecordedFile['records'][number]['setting']) => ({
  posterior: setting.posterior,
  ...(setting['posterior.offDiagonal'] === 0 ? { 'posterior.offDiagonal': 0 } : {}),
});
