// Runs as data: settings and jobs, the grid, populations, recipes and their refusals, metrics.csv, checkpoints.

import { expect, test } from 'vitest';
import { footprint, HARDWARE, InputError, ReferenceDevice, SOFTWARE } from '../../src/engine';
import { posteriorNamed } from '../../src/models';
import { readCheckpoint, writeCheckpoint } from '../../src/runs/checkpoint';
import {
  checkConfig,
  jobsOf,
  RUN_SCHEMA_VERSION,
  readRun,
  replicasOf,
  type TrainingConfig,
} from '../../src/runs/config';
import { unpack } from '../../src/runs/encoding';
import { objectives, posteriors } from '../../src/runs/families';
import { jobOf, shapeOf } from '../../src/runs/job';
import { lastRows, metricsHeader, metricsInOrder, metricsRows, metricsUntil } from '../../src/runs/metrics';
import { cut, populationsOf, stepOf } from '../../src/runs/populations';
import { checkSetting, choose, settingOf } from '../../src/runs/recipe';
import { canonical, flatOf } from '../../src/runs/setting';
import { sha256 } from '../../src/runs/sha256';
import { checkSize, leastNumbers } from '../../src/runs/size';
import { trained } from '../cases/trained';

const full = { name: 'full', numbers: { offDiagonal: [0, 1] } };
const betaVae = { name: 'betaVae', numbers: { beta: [1, 4], lambda: [0] } };
const config: TrainingConfig = {
  data: [{ name: 'squares' }],
  architecture: { name: 'mlp', hidden: [8] },
  latents: 2,
  posteriors: [full],
  objectives: [betaVae],
  learningRate: [1e-3],
  batch: 4,
  steps: 3,
  seeds: [5, 7],
  every: 1,
  saveEvery: 100,
};
const wide: TrainingConfig = { ...config, architecture: { name: 'mlp', hidden: [512, 512] }, batch: 64 };

test('a grid: every combination is an arm, every arm has every seed', () => {
  const replicas = replicasOf(config);
  expect(
    replicas.map(({ setting: { posterior, objective }, seed }) => [
      posterior.numbers.offDiagonal,
      objective.numbers.beta,
      seed,
    ]),
  ).toEqual([
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

test('several posteriors and objectives are one grid; what differs in shape trains apart', async () => {
  const choices = {
    posteriors: [full, { name: 'lowRank', numbers: { rank: [1, 2] } }],
    objectives: [betaVae, { name: 'betaTcVae', numbers: { beta: [4], stratified: [0], lambda: [0] } }],
  };
  const jobs = await jobsOf(replicasOf({ ...config, ...choices, latents: 3 }));
  expect(jobs.length).toBe((2 + 2) * (2 + 1) * 2);
  expect(new Set(jobs.map(({ name }) => name)).size).toBe(jobs.length);
  const populations = populationsOf(jobs);
  // full, rank 1 and rank 2, each with two objectives.
  expect(populations.map(({ length }) => length)).toEqual([8, 4, 4, 2, 4, 2]);
  for (const group of populations) expect(new Set(group.map(({ setting }) => shapeOf(setting))).size).toBe(1);
});

test('a setting is flat JSON and comes back from it; a job has one name, whatever the order of the keys', async () => {
  const flat = {
    data: 'sprites',
    'data.side': 32,
    'data.factors': 'shape=0..1,orientation=0',
    architecture: 'mlp',
    'architecture.hidden': '64,32',
    latents: 4,
    posterior: 'correlated',
    'posterior.rho': 0.3,
    objective: 'annealedVae',
    learningRate: 1e-3,
    batch: 16,
    steps: 300,
  };
  const setting = settingOf(flat);
  expect(setting.data.options).toEqual({ side: 32, factors: { shape: [0, 1], orientation: [0, 0] } });
  // The published 100,000 steps would never let the capacity grow in 300.
  expect(setting.objective.numbers).toMatchObject({ capacity: 25, capacitySteps: 100, lambda: 0 });
  expect(settingOf(flatOf(setting))).toEqual(setting);
  const shuffled = Object.fromEntries(Object.entries(flatOf(setting)).reverse());
  const names = await Promise.all([setting, settingOf(shuffled)].map(async (each) => (await jobOf(each, 3)).name));
  expect(names[0]).toMatch(/^[0-9a-f]{12}$/);
  expect(names[1]).toBe(names[0]);
  expect((await jobOf(setting, 4)).name).not.toBe(names[0]);
  const linear = { ...flat, data: 'linear', 'data.lengths': '3,2,1', deviation: 0.5, objective: 'betaVae' };
  const { 'data.side': _, 'data.factors': __, ...rest } = linear;
  expect(settingOf(rest).data.options).toEqual({ lengths: [3, 2, 1] });
  expect(canonical(flatOf(settingOf(rest)))).toContain('"data.lengths":"3,2,1"');
});

test.each([
  [{ colour: 1 }, 'a setting has no "colour"'],
  [{ 'architecture.depth': 3 }, 'a setting has no "architecture.depth"'],
  [{ latents: '6' }, 'latents is "6"; it must be a number'],
  [{ 'objective.gamma': 1 }, 'has no number "gamma"'],
  [{ 'posterior.offDiagonal': 2 }, 'offDiagonal is 2'],
] as const)('flat JSON with %j is refused', (change, message) => {
  const flat = flatOf(replicasOf(config)[0].setting);
  expect(() => settingOf({ ...flat, ...change })).toThrow(message);
});

test('populations are as few as can be, and about as large', () => {
  expect(cut([0, 1, 2, 3, 4, 5, 6], 3)).toEqual([
    [0, 1],
    [2, 3],
    [4, 5, 6],
  ]);
  expect(cut([0, 1, 2], 8)).toEqual([[0, 1, 2]]);
});

test('as many replicas train at once as fit the memory, by the plan of their own graph', async () => {
  const jobs = await jobsOf(replicasOf(wide));
  const bytes = (count: number) => {
    const { graph } = stepOf(jobs.slice(0, count));
    return Math.max(footprint(graph, SOFTWARE).bytes, footprint(graph, HARDWARE).bytes);
  };
  expect(populationsOf(jobs, { memory: bytes(8) })).toEqual([jobs]);
  const populations = populationsOf(jobs, { memory: bytes(3) });
  for (const population of populations) expect(bytes(population.length)).toBeLessThanOrEqual(bytes(3));
  expect(populations.length).toBe(3);
  expect(() => populationsOf(jobs, { memory: bytes(1) - 1 })).toThrow(
    /One replica needs \d+ MiB, and \d+ MiB is the limit/,
  );
  // The arithmetic never asks for more than the plan of the graph.
  expect(() => populationsOf(jobs, { memory: bytes(1) / 2 })).toThrow(
    /needs at least [\d,]+ MiB; [\d,]+ MiB is the limit/,
  );
  expect(populationsOf(jobs, { atOnce: 4 }).map(({ length }) => length)).toEqual([4, 4]);
  // Every thread has one of its own.
  expect(populationsOf(jobs, { threads: 2 }).map(({ length }) => length)).toEqual([4, 4]);
});

test.each([
  [
    'an unknown posterior',
    { posteriors: [{ name: 'fool', numbers: {} }] },
    'There is no posterior "fool". Known: factorized, full',
  ],
  ['an inherited name', { objectives: [{ name: 'toString', numbers: {} }] }, 'There is no objective "toString"'],
  ['an unknown data set', { data: [{ name: 'faces' }] }, 'there is no data set "faces"; there are squares, sprites'],
  ['images too small to convolve', { architecture: { name: 'burgess', hidden: [] } }, '32 or 64 pixels; squares has'],
  [
    'an unknown architecture',
    { architecture: { name: 'rnn', hidden: [] } },
    'There is no architecture "rnn". Known: mlp',
  ],
  [
    'a stray number',
    { objectives: [{ name: 'betaVae', numbers: { gamma: [1] } }] },
    'has no number "gamma". Its numbers: beta, lambda',
  ],
  ['a number out of range', { posteriors: [{ name: 'full', numbers: { offDiagonal: [2] } }] }, 'takes 0 to 1'],
  ['no value', { objectives: [{ name: 'betaVae', numbers: { beta: [] } }] }, 'the grid has no arm'],
  ['a seed beyond 32 bits', { seeds: [2 ** 32] }, 'seeds are 32 bits'],
  ['no seed', { seeds: [] }, 'no seed'],
  ['a learning rate of 0', { learningRate: [0] }, 'must be above 0'],
  ['a width of 0', { architecture: { name: 'mlp', hidden: [0] } }, 'a hidden width is 0'],
  ['saves between blocks', { saveEvery: 150 }, 'a multiple of 100'],
  [
    'a rotated control of an objective that sees axes',
    {
      posteriors: [{ name: 'rotated', numbers: { rotation: [0] } }],
      objectives: [{ name: 'betaTcVae', numbers: { beta: [4], stratified: [0], lambda: [0] } }],
    },
    'betaTcVae sees axes',
  ],
  [
    'a rotated control with a dose',
    {
      posteriors: [{ name: 'rotated', numbers: { rotation: [0] } }],
      objectives: [{ name: 'betaVae', numbers: { beta: [4], lambda: [1] } }],
    },
    'lambda sees axes',
  ],
] as const)('%s is refused', (_, change, message) => {
  expect(() => checkConfig({ ...config, ...change } as TrainingConfig)).toThrow(message);
});

test('numbers that are not given have their defaults; a short run has defaults that train something', () => {
  const schedule = { steps: 3000, learningRate: 2e-3 };
  expect(choose(objectives, 'objective', 'betaVae', { beta: 2 }, schedule).numbers).toEqual({ beta: 2, lambda: 0 });
  expect(choose(posteriors, 'posterior', 'factorized', {}, schedule).numbers).toEqual({});
  expect(choose(objectives, 'objective', 'factorVae', {}, schedule).numbers.discriminatorRate).toBe(2e-3);
  expect(choose(objectives, 'objective', 'annealedVae', {}, schedule).numbers.capacitySteps).toBe(1000);
  expect(() => checkConfig(config)).not.toThrow();
});

test('posteriors and objectives do not call two numbers by one name, so an option means one thing', () => {
  const names = (table: typeof posteriors | typeof objectives) =>
    new Set(Object.values(table).flatMap(({ numbers }) => Object.keys(numbers)));
  expect([...names(posteriors)].filter((name) => names(objectives).has(name))).toEqual([]);
});

test('config.json is read back; what is no config is refused', () => {
  const run = { schemaVersion: RUN_SCHEMA_VERSION, config, replicas: [] };
  expect(readRun(JSON.stringify(run), 'c')).toEqual({ ...run, replicas: replicasOf(config) });
  expect(() => readRun('{', 'c')).toThrow('c is not JSON');
  expect(() => readRun('null', 'c')).toThrow('c has schemaVersion undefined; this program reads 3');
  expect(() => readRun('{"schemaVersion":1}', 'c')).toThrow('go on with the version that made it');
  expect(() => readRun('{"schemaVersion":3}', 'c')).toThrow('c is not the config of a training run');
  // Before a run could have several data sets it had one, which was no list.
  const [data] = config.data;
  expect(readRun(JSON.stringify({ ...run, schemaVersion: 2, config: { ...config, data } }), 'c')).toEqual({
    ...run,
    replicas: replicasOf(config),
  });
  expect(() => readRun('{"schemaVersion":2,"config":{}}', 'c')).toThrow('c is not the config of a training run');
});

test('metrics: means of steps, cut back to the checkpoints, in order at the end', () => {
  const block = { kl: [1, 3, 5].map((x) => Float32Array.of(x, 10 * x)) };
  const rows = metricsRows(block, 100, 2, [4, 5], ['kl']);
  expect(rows).toBe('4,102,2\n5,102,20\n4,103,5\n5,103,50\n');
  // What another objective of the run measures is empty here.
  expect(metricsRows(block, 100, 100, [4], ['tc', 'kl'])).toBe('4,103,,3\n');
  const text = metricsHeader(['kl']) + rows;
  expect(metricsUntil(`${text}4,10`, [0, 0, 0, 0, 102, 103])).toBe('replica,step,kl\n4,102,2\n5,102,20\n5,103,50\n');
  const ordered = metricsInOrder(`${text}4,102,2\n`);
  expect(ordered).toBe('replica,step,kl\n4,102,2\n4,103,5\n5,102,20\n5,103,50\n');
  expect(lastRows(ordered)).toEqual([
    { replica: 4, step: 103, kl: 5 },
    { replica: 5, step: 103, kl: 50 },
  ]);
});

test('a population trains on the reference executor too; its checkpoints are bytes that are read back', async () => {
  using executor = new ReferenceDevice();
  const one: TrainingConfig = {
    ...config,
    posteriors: [{ name: 'full', numbers: { offDiagonal: [1] } }],
    objectives: [{ name: 'betaVae', numbers: { beta: [4], lambda: [0] } }],
  };
  const [job, other] = await jobsOf(replicasOf(one));
  const { rows, saves } = await trained(executor, one);
  expect(rows.split('\n').map((line) => line.split(',', 2).join(' '))).toEqual([
    '0 1',
    '1 1',
    '0 2',
    '1 2',
    '0 3',
    '1 3',
    '',
  ]);
  const [bytes] = saves[0];
  const { saved, curves } = await readCheckpoint(bytes, 'x', job);
  expect([saved.step, Array.from(saved.values.step), Array.from(saved.values.seeds)]).toEqual([3, [3], [5]]);
  expect(Object.keys(saved.values).sort()).toEqual([
    'adam.first',
    'adam.second',
    'nonFinite',
    'parameters',
    'seeds',
    'step',
  ]);
  expect(Object.keys(curves).sort()).toEqual(['conditionalTc', 'kl', 'reconstruction']);
  expect(await writeCheckpoint(job, { saved, curves })).toEqual(bytes);
  await expect(readCheckpoint(bytes, 'x', other)).rejects.toThrow('other settings than those asked for: seed');
  const cutOff = bytes.subarray(0, bytes.length - 900);
  await expect(readCheckpoint(cutOff, 'x', job)).rejects.toThrow('x, tensor');
  // One bit, anywhere: values, header, the digest itself.
  for (let flip = 0; flip < 200; flip++) {
    const lying = bytes.slice();
    lying[Math.floor((flip / 200) * lying.length)] ^= 1 << (flip % 8);
    await expect(readCheckpoint(lying, 'x', job), `flip ${flip}`).rejects.toThrow(InputError);
  }
  const changed = await jobOf({ ...job.setting, batch: 5, learningRate: 0.5 }, 5);
  await expect(readCheckpoint(bytes, 'x', changed)).rejects.toThrow('those asked for: batch, learningRate.');
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
    const [{ setting }] = replicasOf(wide);
    const large = { ...setting, latents: 300 };
    const bytes = (posterior: string) => leastNumbers({ ...large, posterior: { name: posterior, numbers: {} } });
    expect(bytes(name).parameters).toBe(bytes('factorized').parameters);
    expect(bytes('full').parameters - bytes('factorized').parameters).toBe((512 * 300 * 299) / 2);
    expect(() => checkSize({ ...large, posterior: { name, numbers: {} } }, 2 ** 30)).not.toThrow();
  },
);

test('a number of replicas that is named must fit the buffers, too', async () => {
  const seeds = Array.from({ length: 400 }, (_, i) => i);
  const jobs = await jobsOf(replicasOf({ ...wide, batch: 4, seeds }));
  expect(() => populationsOf(jobs, { atOnce: 400 })).toThrow(/400 replicas at once need a buffer of \d+ MiB/);
  expect(populationsOf(jobs, { atOnce: 10 }).length).toBe(jobs.length / 10);
});

test('every setting of a grid is one that can be trained', () => {
  for (const { setting } of replicasOf(config)) expect(() => checkSetting(setting)).not.toThrow();
});

test('SHA-256 where the platform has none is that of the platform', async () => {
  for (const length of [0, 1, 3, 55, 56, 63, 64, 65, 119, 120, 1000]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * 7 + length) % 256);
    expect([...sha256(bytes)], `${length} bytes`).toEqual([
      ...new Uint8Array(await crypto.subtle.digest('SHA-256', bytes)),
    ]);
  }
});
