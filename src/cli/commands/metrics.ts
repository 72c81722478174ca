// `unweave metrics`: disentanglement scores of codes and factors from files, or of every replica of a run.

import { usageError } from '../errors';
import { scoreFiles } from '../scoresOfFiles';
import { scoreRun } from '../scoresOfRun';
import { defineCommand, json, seed, where, whereOf } from './command';

export const metrics = defineCommand({
  name: 'metrics',
  summary:
    'disentanglement scores, each with interval, chance level and ceiling; of a run or of codes from any framework',
  usage: ['RUN [--rows N]', '--codes FILE --factors FILE [--logvar FILE]'],
  takes: { most: 1, what: 'one run' },
  options: {
    codes: { type: 'string', value: 'FILE', about: '[rows, latents], .npy, .npz:name or .csv; from any framework' },
    factors: {
      type: 'string',
      value: 'FILE',
      about: "[rows, factors], the number of every factor's value: 0, 1, 2, ...",
    },
    logvar: { type: 'string', value: 'FILE', about: 'log-variances [rows, latents] of the posteriors, for migChen' },
    cardinalities: {
      type: 'string',
      value: 'LIST',
      about: 'how many values each factor has, as 3,6,40, to check them',
    },
    only: {
      type: 'string',
      value: 'LIST',
      about: 'these scores, or families of them, as mig,sap; unweave list scores names them',
    },
    rows: {
      type: 'string',
      value: 'N',
      about: 'of a run: a sample of so many rows where there are more, 15000 by default',
    },
    csv: { type: 'string', value: 'FILE', about: 'a row for every score and replica, for a spreadsheet or pandas' },
    ...seed,
    ...json,
    ...where,
  },
  prints: {
    value: 'the score',
    '90 %':
      'where the score of another sample of as many rows would lie; of an arm: the 95 % interval of its mean over seeds',
    bias: 'about how much higher it is than on many more rows, where that can be estimated',
    chance: 'the same codes, shuffled',
    ceiling: 'the true factors as codes, on these rows',
  },
  examples: [
    ['unweave metrics --codes z.npy --factors factors.npy', 'codes of a PyTorch model, from np.save'],
    ['unweave metrics runs/two --only mig,dci --csv scores.csv', 'every replica of a run, and the mean of every arm'],
  ],
  async run(values, [run]) {
    const { codes, factors, logvar, cardinalities, rows, only, csv } = values;
    const asked = { only, csv, seed: values.seed, json: values.json };
    if (run === undefined && rows !== undefined) throw usageError('--rows is for a run: unweave metrics RUN --rows N.');
    if (run === undefined) return scoreFiles({ ...asked, codes, factors, logvar, cardinalities });
    if ((codes ?? factors ?? logvar ?? cardinalities) !== undefined)
      throw usageError(`metrics takes a run or files, not both; "${run}" is a run.`);
    await scoreRun({ ...asked, run, rows, where: whereOf(values) });
  },
});
