// Runs as data: the grid, the split into populations, recipes and their refusals, metrics.csv, checkpoints.

import { expect, test } from 'vitest';
import { footprint, HARDWARE, InputError, ReferenceDevice, SOFTWARE } from '../../src/engine';
import { posteriorNamed } from '../../src/models';
import { readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint';
import {
  checkConfig,
  populationsOf,
  RUN_SCHEMA_VERSION,
  readRun,
  replicasOf,
  type TrainingConfig,
} from '../../src/runs/config';
import { unpack } from '../../src/runs/encoding';
import { objectives, posteriors } from '../../src/runs/families';
import { lastRows, metricsHeader, metricsInOrder, metricsRows, metricsUntil } from '../../src/runs/metrics';
import { split, stepOf } from '../../src/runs/populations';
import { checkRecipe, choose } from '../../src/runs/recipe';
import { checkSize, leastNumbers } from '../../src/runs/size';
import { trainPopulation } from '../../src/runs/training';

const config: TrainingConfig = {
  data: { name: 'squares' },
  architecture: { name: 'mlp', hidden: [8] },
  latents: 2,
  posterior: { name: 'full', numbers: { offDiagonal: [0, 1] } },
  objective: { name: 'betaVae', numbers: { beta: [1, 4], lambda: [0] } },
  learningRate: [1e-3],
  batch: 4,
  steps: 3,
  seeds: [5, 7],
  every: 1,
  saveEvery: 100,
};

test('a grid: every combination is an arm, every arm has every seed', () => {
  const replicas = replicasOf(config);
  expect(replicas.map(({ posterior, objective, seed }) => [posterior.offDiagonal, objective.beta, seed])).toEqual([
    [0, 1, 5],
    [0, 1, 7],
    [0, 4, 5],
    [0, 4, 7],
    [1, 1, 5],
    [1, 1, 7],
    [1, 4, 5],
    [1, 4, 7],
  ]);
  expect(replicas.map(({ replica }) => replica)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
  expect(replicas[7].arm).toBe(3);
});

test('populations are as few as can be, and about as large', () => {
  expect(populationsOf(7, 3)).toEqual([
    [0, 1],
    [2, 3],
    [4, 5, 6],
  ]);
  expect(populationsOf(3, 8)).toEqual([[0, 1, 2]]);
});

test('as many replicas train at once as fit the memory, by the plan of their own graph', () => {
  const wide: TrainingConfig = { ...config, architecture: { name: 'mlp', hidden: [512, 512] }, batch: 64 };
  const replicas = replicasOf(wide);
  const bytes = (count: number) => {
    const { graph } = stepOf(wide, replicas.slice(0, count));
    return Math.max(footprint(graph, SOFTWARE).bytes, footprint(graph, HARDWARE).bytes);
  };
  expect(split(wide, replicas, 'auto', bytes(8))).toEqual([[0, 1, 2, 3, 4, 5, 6, 7]]);
  const populations = split(wide, replicas, 'auto', bytes(3));
  for (const population of populations) expect(bytes(population.length)).toBeLessThanOrEqual(bytes(3));
  expect(populations.length).toBe(3);
  expect(() => split(wide, replicas, 'auto', bytes(1) - 1)).toThrow(
    /One replica needs \d+ MiB, and \d+ MiB is the limit/,
  );
  // The arithmetic never asks for more than the plan of the graph.
  expect(() => split(wide, replicas, 'auto', bytes(1) / 2)).toThrow(
    /needs at least [\d,]+ MiB; [\d,]+ MiB is the limit/,
  );
  expect(split(wide, replicas, 4)).toEqual([
    [0, 1, 2, 3],
    [4, 5, 6, 7],
  ]);
});

test.each([
  [
    'an unknown posterior',
    { posterior: { name: 'fool', numbers: {} } },
    'There is no posterior "fool". Known: factorized, full',
  ],
  ['an inherited name', { objective: { name: 'toString', numbers: {} } }, 'There is no objective "toString"'],
  ['an unknown data set', { data: { name: 'faces' } }, 'there is no data set "faces"; there are squares, sprites'],
  ['images too small to convolve', { architecture: { name: 'burgess', hidden: [] } }, '32 or 64 pixels; squares has'],
  [
    'a shape as a list',
    { posterior: { name: 'lowRank', numbers: { rank: [1, 2] } } },
    'rank takes one value for the whole run, not 1, 2',
  ],
  [
    'an unknown architecture',
    { architecture: { name: 'rnn', hidden: [] } },
    'There is no architecture "rnn". Known: mlp',
  ],
  [
    'a stray number',
    { objective: { name: 'betaVae', numbers: { gamma: [1] } } },
    'has no number "gamma". Its numbers: beta, lambda',
  ],
  ['a number out of range', { posterior: { name: 'full', numbers: { offDiagonal: [2] } } }, 'takes 0 to 1'],
  ['no value', { objective: { name: 'betaVae', numbers: { beta: [] } } }, 'beta has no value'],
  ['a seed beyond 32 bits', { seeds: [2 ** 32] }, 'seeds are 32 bits'],
  ['no seed', { seeds: [] }, 'no seed'],
  ['a learning rate of 0', { learningRate: [0] }, 'must be above 0'],
  ['a width of 0', { architecture: { name: 'mlp', hidden: [0] } }, 'a hidden width is 0'],
  ['saves between blocks', { saveEvery: 150 }, 'a multiple of 100'],
] as const)('%s is refused', (_, change, message) => {
  expect(() => checkRecipe({ ...config, ...change })).toThrow(message);
});

test('numbers that are not given have their defaults', () => {
  expect(choose(objectives, 'objective', 'betaVae', { beta: [2] }).numbers).toEqual({ beta: [2], lambda: [0] });
  expect(choose(posteriors, 'posterior', 'factorized', {}).numbers).toEqual({});
  expect(() => checkConfig(config)).not.toThrow();
});

test('posteriors and objectives do not call two numbers by one name, so an option means one thing', () => {
  const names = (table: typeof posteriors | typeof objectives) =>
    new Set(Object.values(table).flatMap(({ numbers }) => Object.keys(numbers)));
  expect([...names(posteriors)].filter((name) => names(objectives).has(name))).toEqual([]);
});

test('config.json is read back; what is no config is refused', () => {
  const run = { schemaVersion: RUN_SCHEMA_VERSION, config, populations: populationsOf(8, 4), replicas: [] };
  expect(readRun(JSON.stringify(run), 'c')).toEqual({ ...run, replicas: replicasOf(config) });
  expect(() => readRun('{', 'c')).toThrow('c is not JSON');
  expect(() => readRun('null', 'c')).toThrow('c has schemaVersion undefined; this program reads 1');
  expect(() => readRun('{"schemaVersion":1}', 'c')).toThrow('c is not the config of a training run');
  expect(() => readRun(JSON.stringify({ ...run, populations: [[0, 1]] }), 'c')).toThrow('each of the 8 replicas once');
});

test('metrics: means of steps, cut back to the checkpoints, in order at the end', () => {
  const block = { kl: [1, 3, 5].map((x) => Float32Array.of(x, 10 * x)) };
  const rows = metricsRows(block, 100, 2, [4, 5]);
  expect(rows).toBe('4,102,2\n5,102,20\n4,103,5\n5,103,50\n');
  const text = metricsHeader(['kl']) + rows;
  expect(metricsUntil(`${text}4,10`, [0, 0, 0, 0, 102, 103])).toBe('replica,step,kl\n4,102,2\n5,102,20\n5,103,50\n');
  const ordered = metricsInOrder(`${text}4,102,2\n`);
  expect(ordered).toBe('replica,step,kl\n4,102,2\n4,103,5\n5,102,20\n5,103,50\n');
  expect(lastRows(ordered)).toEqual([
    { replica: 4, step: 103, kl: 5 },
    { replica: 5, step: 103, kl: 50 },
  ]);
});

test('a population trains on the reference executor too; its checkpoint is bytes that are read back', async () => {
  using executor = new ReferenceDevice();
  const replicas = replicasOf(config).slice(6);
  let text = '';
  const saves: Uint8Array[] = [];
  await trainPopulation(executor, config, replicas, undefined, {
    async onRows(rows) {
      text += rows;
    },
    onSave: async (bytes) => void saves.push(bytes),
    onProgress: () => undefined,
  });
  expect(text.split('\n').map((line) => line.split(',', 2).join(' '))).toEqual([
    '6 1',
    '7 1',
    '6 2',
    '7 2',
    '6 3',
    '7 3',
    '',
  ]);
  const saved = await readCheckpoint(saves[0], 'x', [6, 7], config);
  expect([saved.step, Array.from(saved.values.step), Array.from(saved.values.seeds)]).toEqual([3, [3], [5, 7]]);
  expect(Object.keys(saved.values).sort()).toEqual([
    'adam.first',
    'adam.second',
    'nonFinite',
    'parameters',
    'ring',
    'seeds',
    'step',
  ]);
  expect(await writeCheckpoint({ saved, replicas: [6, 7], config })).toEqual(saves[0]);
  await expect(readCheckpoint(saves[0], 'x', [0, 1], config)).rejects.toThrow('x holds replicas 6,7, not 0,1');
  const cut = saves[0].subarray(0, saves[0].length - 900);
  await expect(readCheckpoint(cut, 'x', [6, 7], config)).rejects.toThrow('x, tensor');
  // One bit, anywhere: values, header, the digest itself.
  for (let flip = 0; flip < 200; flip++) {
    const lying = saves[0].slice();
    lying[Math.floor((flip / 200) * lying.length)] ^= 1 << (flip % 8);
    await expect(readCheckpoint(lying, 'x', [6, 7], config), `flip ${flip}`).rejects.toThrow(InputError);
  }
  const other = { ...config, batch: config.batch + 1, learningRate: [0.5] };
  await expect(readCheckpoint(saves[0], 'x', [6, 7], other)).rejects.toThrow(
    'other settings than config.json has now: learningRate, batch.',
  );
});

test('packed Gaussians as arrays: log-variances of a diagonal one, the Cholesky factor of a full one', () => {
  // Means 1, 2; log standard deviations 0, ln 3; L_10 = 0.5.
  const packed = Float32Array.of(1, 2, 0, Math.log(3), 0.5);
  const [full, diagonal] = ['full', 'factorized'].map((name) => posteriorNamed(name, 2, 1));
  const { means, cholesky } = unpack(packed, full, 0, false);
  expect(Array.from(means)).toEqual([1, 2]);
  expect(Array.from(cholesky ?? [])).toEqual([1, 0, 0.5, expect.closeTo(3, 6)]);
  const { logvars } = unpack(packed.subarray(0, 4), diagonal, 0, true);
  expect(Array.from(logvars ?? [])).toEqual([0, expect.closeTo(2 * Math.log(3), 6)]);
});

test.each(['correlated', 'rotated', 'constantCholesky'])(
  'the head of a %s posterior is that of the factorized one: 300 latents on 512 wide layers are no giant',
  (name) => {
    const large = { ...config, architecture: { name: 'mlp', hidden: [512, 512] }, latents: 300 };
    const bytes = (posterior: string) => leastNumbers({ ...large, posterior: { name: posterior, numbers: {} } });
    expect(bytes(name).parameters).toBe(bytes('factorized').parameters);
    expect(bytes('full').parameters - bytes('factorized').parameters).toBe((512 * 300 * 299) / 2);
    expect(() => checkSize({ ...large, posterior: { name, numbers: {} } }, 2 ** 30)).not.toThrow();
  },
);

test('a number of replicas that is named must fit the buffers, too', () => {
  const seeds = Array.from({ length: 400 }, (_, i) => i);
  const wide = { ...config, architecture: { name: 'mlp', hidden: [512, 512] }, seeds };
  expect(() => split(wide, replicasOf(wide), 400)).toThrow(/400 replicas at once need a buffer of \d+ MiB/);
  expect(split(wide, replicasOf(wide), 10).length).toBe(replicasOf(wide).length / 10);
});

test('a population without replicas is no population', () => {
  const text = JSON.stringify({
    schemaVersion: 1,
    config: { ...config, seeds: [0] },
    populations: [[], [0]],
    replicas: [],
  });
  expect(() => readRun(text, 'config.json')).toThrow('populations are no lists of numbers');
});
