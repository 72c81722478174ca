// What people bring: arrays, posteriors of any kind, networks, states as files; and what is refused of it, by name.

import { beforeAll, expect, test } from 'vitest';
import { fromArray, loadState, saveState, squares, stored } from '../../src/data';
import {
  abs,
  add,
  constant,
  div,
  exp,
  InputError,
  log,
  mul,
  neg,
  randomUniform,
  slice,
  sub,
  sum,
  type Tensor,
  tanh,
  variable,
} from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { estimate, ksg } from '../../src/metrics';
import {
  betaTcVae,
  betaVae,
  chain,
  decode,
  dipVaeI,
  dipVaeII,
  encode,
  evidence,
  factorized,
  full,
  lowRank,
  mlp,
  modelPlayer,
  type Objective,
  ownPosterior,
  type Posterior,
  restore,
  rotated,
  train,
  type Vae,
  vae,
} from '../../src/models';
import { randomRotation } from '../../src/models/posteriors';
import { packedOf } from '../cases/packedOf';

let executor: CpuDevice;
beforeAll(async () => {
  executor = await CpuDevice.open();
});

const brief = { objective: betaVae({ beta: 1 }), steps: 20, batch: 8, learningRate: 1e-3, seeds: [1] };

// --- arrays ----------------------------------------------------------------------------------------------------------------------

test('an array is trained on and encoded as the data set that it was drawn from, as floats and as bytes', async () => {
  const drawn = await squares().render(executor);
  const values = await executor.read(drawn);
  const model = () => vae({ replicas: 1, input: 256, hidden: [8], posterior: full(2, [true]) });
  const [left, right] = [model(), model()];
  const a = await train(executor, left, { ...brief, data: stored(drawn) });
  const b = await train(executor, right, { ...brief, data: fromArray(values, [2304, 256]) });
  expect(b.state.values.parameters).toEqual(a.state.values.parameters);
  const bytes = Uint8Array.from(values, (value) => Math.round(255 * value));
  const packed = fromArray(bytes, [2304, 16, 16]);
  expect(packed.shape).toEqual([16, 16, 1]);
  const kept = fromArray(
    Float32Array.from(bytes, (value) => Math.fround(value / 255)),
    [2304, 16, 16, 1],
  );
  const rows = { rows: [7, 2303, 0] };
  expect(await encode(executor, left, packed, rows)).toEqual(await encode(executor, left, kept, rows));
  executor.free([...packed.stored, ...kept.stored]);
});

test('labels are factors, whatever numbers they are; without them nothing is known', () => {
  const data = fromArray([0, 0.5, 1, 0.25], [4, 1], { labels: [[5, -1, 5, 9.5]], names: ['size'] });
  expect(data.factors.factors).toEqual([{ name: 'size', values: [-1, 5, 9.5] }]);
  expect([0, 1, 2, 3].map((i) => data.combinationOf?.(i))).toEqual([1, 0, 1, 2]);
  expect(fromArray([1, 2], [2, 1])).toMatchObject({ real: true, count: 2 });
  expect(fromArray([1, 0], [2, 1]).real).toBeUndefined();
});

test.each<[string, () => unknown, string]>([
  ['a shape of other numbers', () => fromArray([1, 2, 3], [2, 2]), 'is of 4 numbers, and there are 3'],
  ['no examples', () => fromArray([], [0, 2]), 'the shape is [0, 2]'],
  ['no row', () => fromArray([1], [1]), 'the shape is [1]'],
  ['what is not finite, and where', () => fromArray([0, 0, 0, Number.NaN], [2, 2]), 'example 1, entry 1 is NaN'],
  ['what f32 has not', () => fromArray([1e39], [1, 1]), 'example 0, entry 0 is 1e+39'],
  [
    'labels by example',
    () => fromArray([1, 2], [2, 1], { labels: [[1], [2]] }),
    'labels[0] has 1 values for 2 examples',
  ],
  ['labels that are none', () => fromArray([1], [1, 1], { labels: [[Number.NaN]] }), 'labels[0][0] is NaN'],
  ['an option', () => fromArray([1], [1, 1], { label: [] } as never), 'fromArray has no option label; it takes name'],
])('fromArray refuses %s', (_, make, message) => {
  expect(make).toThrow(InputError);
  expect(make).toThrow(message);
});

// --- posteriors ------------------------------------------------------------------------------------------------------------------

const K = 2;
const part = (head: Tensor, first: number) => slice(head, [0, 0, first], [head.shape[0], head.shape[1], K]);
const width = (head: Tensor) => exp(part(head, K));
const laplace = ownPosterior({
  name: 'laplace',
  latents: K,
  width: 2 * K,
  means: (head) => part(head, 0),
  sample(head, stream, purpose) {
    const waits = log(randomUniform(stream, purpose, [head.shape[1], 2 * K]));
    return add(part(head, 0), mul(width(head), sub(part(waits, 0), part(waits, K))));
  },
  logDensity: (head, z) => neg(sum(add(div(abs(sub(z, part(head, 0))), width(head)), log(mul(2, width(head)))), [2])),
});

test('the KL of a sample is on average that of the density: Laplace from the prior, in closed form', async () => {
  const [rows, place, scale] = [40_000, [0.5, -1], [0.4, 0.8]];
  const head = constant(Array.from({ length: rows }, () => [...place, ...scale.map(Math.log)]).flat(), [
    1,
    rows,
    2 * K,
  ]);
  const [seeds, step] = [constant(Uint32Array.of(3), [1]), constant(Uint32Array.of(1), [1])];
  const z = laplace.sample(head, { seeds, step });
  const { kl } = await executor.evaluate({ kl: laplace.kl(head, z) });
  const [average, spread] = momentsOf(kl);
  // E ln q = -ln 2b - 1; E z^2 = m^2 + 2 b^2.
  const expected = place.reduce(
    (total, m, i) =>
      total - Math.log(2 * scale[i]) - 1 + 0.5 * Math.log(2 * Math.PI) + 0.5 * (m * m + 2 * scale[i] ** 2),
    0,
  );
  expect(Math.abs(average - expected)).toBeLessThan((4 * spread) / Math.sqrt(rows));
  expect(spread).toBeGreaterThan(0.1);
});

function momentsOf(values: ArrayLike<number>): [mean: number, deviation: number] {
  const all = Array.from(values);
  const average = all.reduce((a, b) => a + b, 0) / all.length;
  return [average, Math.sqrt(all.reduce((a, b) => a + (b - average) ** 2, 0) / all.length)];
}

test('a normal posterior of one kind and by its own sample and density trains to about the same bound', async () => {
  const normal = factorized(K, 1);
  const byHand = ownPosterior({
    name: 'normal',
    latents: K,
    width: normal.headWidth,
    bound: normal.bound,
    means: normal.means,
    sample: normal.sample,
    logDensity: normal.logDensity,
  });
  const run = async (posterior: Posterior) => {
    const model = vae({ replicas: 1, input: 256, hidden: [16], posterior });
    const { history } = await train(executor, model, { ...brief, steps: 400, data: squares() });
    const last = (term: string) => momentsOf(history[term].slice(300).map(([value]) => value))[0];
    return { reconstruction: last('reconstruction'), kl: last('kl') };
  };
  const [closed, sampled] = [await run(factorized(K, 1)), await run(byHand)];
  expect(Math.abs(closed.reconstruction - sampled.reconstruction)).toBeLessThan(1);
  expect(Math.abs(closed.kl - sampled.kl)).toBeLessThan(0.5);
}, 60_000);

test.each<[string, () => Promise<unknown>, string]>([
  [
    'covariances of another kind',
    () => once(betaTcVae({ beta: 4 }), laplace),
    'needs a Gaussian posterior, and laplace',
  ],
  ['a dose of what is not known', () => once(betaVae({ beta: 1, conditionalTc: 2 }), laplace), 'no dose for it'],
])('%s are refused', async (_, make, message) => {
  await expect(make()).rejects.toThrow(InputError);
  await expect(make()).rejects.toThrow(message);
});
const once = (objective: Objective<Vae>, posterior: Posterior) =>
  train(executor, vae({ replicas: 1, input: 256, hidden: [4], posterior }), { ...brief, objective, data: squares() });

test('an objective that needs means alone takes any posterior', async () => {
  const { history } = await once(dipVaeI({ offDiagonal: 1 }), laplace);
  expect(Object.keys(history)).toEqual(['reconstruction', 'kl', 'offDiagonal', 'diagonal']);
  await expect(once(dipVaeII({ offDiagonal: 1 }), laplace)).rejects.toThrow('dipVaeII needs a Gaussian posterior');
});

// --- objectives and networks -----------------------------------------------------------------------------------------------------

test('an objective put together from the evidence, with a dose for each replica, is the one of the table', async () => {
  const mine: Objective<Vae> = {
    name: 'mine',
    step(model, inputs) {
      const found = evidence(model, inputs);
      const player = modelPlayer(model, found, { conditionalTc: [0, 8] }, [[found.terms.kl, 4]]);
      return { players: [player], terms: found.terms };
    },
  };
  const run = (objective: Objective<Vae>) =>
    train(executor, vae({ replicas: 2, input: 256, hidden: [8], posterior: full(3, [true, true]) }), {
      ...brief,
      seeds: [1, 1],
      objective,
      data: squares(),
    });
  const [own, known] = [await run(mine), await run(betaVae({ beta: 4, conditionalTc: [0, 8] }))];
  expect(own.state).toEqual(known.state);
});

test('networks of the usual kind, given as networks, are the usual ones; others are checked', async () => {
  const posterior = full(2, [true]);
  const encoder = mlp('encoder', [256, 8, posterior.headWidth], 0.01, posterior.drawn);
  const decoder = mlp('decoder', [2, 8, 256], 1);
  const run = (model: Vae) => train(executor, model, { ...brief, data: squares() });
  const usual = await run(vae({ replicas: 1, input: 256, hidden: [8], posterior }));
  expect((await run(vae({ replicas: 1, input: 256, posterior, encoder, decoder }))).state).toEqual(usual.state);
  const squash = { specs: [], apply: (x: Tensor) => tanh(x) };
  const curved = chain(mlp('a', [256, 8], 1), squash, mlp('b', [8, posterior.headWidth], 0.01, posterior.drawn));
  expect((await run(vae({ replicas: 1, input: 256, posterior, encoder: curved, hidden: [8] }))).state).not.toEqual(
    usual.state,
  );
  const narrow = vae({ replicas: 1, input: 256, posterior, encoder: mlp('e', [256, 5], 1), hidden: [8] });
  await expect(run(narrow)).rejects.toThrow(`[R, rows, ${posterior.headWidth}]`);
  const short = vae({ replicas: 1, input: 256, posterior, hidden: [8], decoder: mlp('d', [2, 100], 1) });
  await expect(run(short)).rejects.toThrow('the decoder puts out [1, 8, 100]; it must be [R, rows, 256]');
  expect(() => vae({ replicas: 1, input: 256, posterior, encoder, decoder, hidden: [8] })).toThrow(
    'would change nothing',
  );
  expect(() => vae({ replicas: 0, input: 256, posterior })).toThrow('replicas is 0');
});

test('a network of a class of its own keeps what it is, also in a chain', async () => {
  class Scaled {
    readonly specs = [];
    constructor(private readonly by: number) {}
    apply(x: Tensor): Tensor {
      return mul(x, this.by);
    }
  }
  const posterior = full(2, [true]);
  const dense = mlp('e', [256, posterior.headWidth], 0.01, posterior.drawn);
  const model = vae({ replicas: 1, input: 256, posterior, hidden: [8], encoder: chain(new Scaled(0.5), dense) });
  const { history } = await train(executor, model, { ...brief, data: squares() });
  expect(Number.isFinite(history.kl[19][0])).toBe(true);
});

test.each<[string, () => unknown, string]>([
  [
    'two ways to say a network',
    () =>
      vae({
        replicas: 1,
        input: 1024,
        posterior: factorized(2, 1),
        hidden: [4],
        convolutional: { network: 'burgess', side: 32, channels: 1 },
      }),
    'hidden, beside convolutional',
  ],
  ['names of nothing', () => fromArray([1], [1, 1], { names: ['a'] }), 'names are of labels'],
  [
    'an estimator that there is not',
    () => ksg([1, 2, 3], [1, 2, 3], { k: 1, estimator: 'nope' as never }),
    'estimator is nope',
  ],
  ['a scale that there is not', () => ksg([1, 2, 3], [1, 2, 3], { k: 1, marginals: 'zz' as never }), 'marginals is zz'],
  ['a distance that there is not', () => ksg([1, 2, 3], [1, 2, 3], { k: 1, metric: 'foo' as never }), 'metric is foo'],
  ['no second variable', () => ksg([1, 2], undefined as never), 'y is no array of numbers'],
])('%s is refused', (_, make, message) => {
  expect(make).toThrow(InputError);
  expect(make).toThrow(message);
});

test('labels are labels: renaming them changes no estimate', () => {
  const x = Float64Array.from({ length: 200 }, (_, i) => Math.sin(3.3 * i) + (i % 2));
  const label = x.map((_, i) => i % 2);
  const named = ksg(x, label, { labels: ['y'] });
  expect(named.estimator).toBe('ross');
  expect(
    ksg(
      x,
      label.map((v) => 7 - 5 * v),
      { labels: ['y'] },
    ).nats,
  ).toBe(named.nats);
});

test.each<[string, object, string]>([
  ['numbers that no pixel has', { data: fromArray([0, 89, 3, 4], [2, 2]) }, 'the examples are not within 0 ... 1'],
  ['a pace of nothing', { pace: async () => 0 }, 'pace allows 0 steps'],
  ['saves of never', { saveEvery: 0 }, 'saveEvery is 0'],
])('training refuses %s', async (_, change, message) => {
  const input = 'data' in change ? 2 : 256;
  const model = vae({ replicas: 1, input, hidden: [4], posterior: factorized(2, 1) });
  await expect(train(executor, model, { ...brief, data: squares(), ...change })).rejects.toThrow(message);
});

// --- encodings and states --------------------------------------------------------------------------------------------------------

test.each<[string, Posterior]>([
  ['factorized', factorized(3, 2)],
  ['full', full(3, [true, true])],
  ['lowRank', lowRank(3, 2, 1)],
  ['rotated', rotated(3, 2, [randomRotation(3, 5)])],
])(
  'the encoding of a %s posterior is its means, deviations and factors, of more examples than a batch',
  async (_, posterior) => {
    const model = vae({ replicas: 2, input: 256, hidden: [4], posterior });
    await train(executor, model, { ...brief, seeds: [1, 2], data: squares() });
    const data = squares();
    const found = await encode(executor, model, data);
    expect([found.rows, found.means.length, found.means[0].length, found.means[0][0].length]).toEqual([
      2304, 2, 3, 2304,
    ]);
    const packed = await packedOf(executor, model, await data.render(executor));
    const graph = constant(packed, [2, 2304, packed.length / 2 / 2304]);
    const gaussian = posterior as ReturnType<typeof full>;
    const { means, covariances, variances } = await executor.evaluate({
      means: posterior.means(graph),
      covariances: gaussian.covariances(graph),
      variances: gaussian.variances(graph),
    });
    for (const [r, row] of [
      [0, 0],
      [1, 511],
      [0, 512],
      [1, 2303],
    ]) {
      const at = r * 2304 + row;
      const l = (i: number, j: number) => found.cholesky?.[r][(row * 3 + i) * 3 + j] ?? Number.NaN;
      for (let i = 0; i < 3; i++) {
        expect(found.means[r][i][row]).toBeCloseTo(means[at * 3 + i], 5);
        expect(found.deviations?.[r][i][row] ?? 0).toBeCloseTo(Math.sqrt(variances[at * 3 + i]), 5);
        for (let j = 0; j < 3; j++) {
          const product = l(i, 0) * l(j, 0) + l(i, 1) * l(j, 1) + l(i, 2) * l(j, 2);
          expect(product).toBeCloseTo(covariances[(at * 3 + i) * 3 + j], 4);
        }
      }
    }
    // Rows in any order, repeated, are the same rows; the same seed draws the same samples.
    const some = await encode(executor, model, data, { rows: [512, 0, 512] });
    expect(Array.from(some.means[1][2])).toEqual([512, 0, 512].map((row) => found.means[1][2][row]));
    const again = await encode(executor, model, data);
    expect(again.samples).toEqual(found.samples);
    expect((await encode(executor, model, data, { seeds: [0, 9] })).samples[1]).not.toEqual(found.samples[1]);
  },
);

test('what encode and decode cannot take is said', async () => {
  const model = vae({ replicas: 1, input: 256, hidden: [4], posterior: factorized(2, 1) });
  await expect(encode(executor, model, variable('x', [4, 100]))).rejects.toThrow(
    'takes examples [examples, 256]; this tensor is [4, 100]',
  );
  await expect(encode(executor, model, fromArray([0, 1], [1, 2]))).rejects.toThrow(
    'takes examples of 256 numbers, and these have 2',
  );
  await expect(encode(executor, model, squares(), { rows: [2304] })).rejects.toThrow('there is no example 2304');
  await expect(encode(executor, model, squares(), { rows: [-1] })).rejects.toThrow('there is no example -1');
  await expect(encode(executor, model, squares(), { seeds: [1, 2] })).rejects.toThrow(
    'seeds has 2 values for 1 replica',
  );
  await expect(decode(executor, model, new Float32Array(3))).rejects.toThrow(
    'decode takes [1, rows, 2] latents; these are 3',
  );
});

test('a state as a file is the same state, goes on as if it had not stopped, and lies are found', async () => {
  const make = () => vae({ replicas: 2, input: 256, hidden: [4], posterior: full(2, [true, false]) });
  const options = { ...brief, seeds: [1, 2], data: squares() };
  const { state } = await train(executor, make(), { ...options, steps: 100 });
  const file = saveState(state, { who: 'me' });
  const loaded = loadState(file);
  expect(loaded).toEqual({ ...state, about: { who: 'me' } });
  expect(saveState(loaded, loaded.about)).toEqual(file);
  const on = await train(executor, make(), { ...options, steps: 150, from: loaded });
  const whole = await train(executor, make(), { ...options, steps: 150 });
  expect(on.state).toEqual(whole.state);
  expect(on.history.kl.length).toBe(50);
  const model = make();
  restore(executor, model, on.state);
  expect(await executor.read(model.parameters.arena)).toEqual(whole.state.values.parameters);
  const other = vae({ replicas: 1, input: 256, hidden: [4], posterior: factorized(2, 1) });
  expect(() => restore(executor, other, on.state)).toThrow('they belong to another model');
  expect(() => loadState(file.subarray(0, 500))).toThrow(InputError);
  expect(() => loadState(new Uint8Array(8))).toThrow(InputError);
});

test('every: the curve comes in pieces of so many steps, and no bit changes', async () => {
  const run = async (every: number | undefined) => {
    const pieces: number[][] = [];
    const { state } = await train(
      executor,
      vae({ replicas: 1, input: 256, hidden: [4], posterior: factorized(2, 1) }),
      {
        ...brief,
        steps: 130,
        data: squares(),
        every,
        onMeasured: ({ kl }, first) => pieces.push([first, kl.length]),
      },
    );
    return { pieces, state };
  };
  const [usual, short] = [await run(undefined), await run(50)];
  expect(usual.pieces).toEqual([
    [0, 100],
    [100, 30],
  ]);
  expect(short.pieces.map(([first]) => first)).toEqual([0, 50, 100]);
  await expect(run(30)).rejects.toThrow('every is 30; it must divide 100');
  expect(short.state).toEqual(usual.state);
});

// --- estimates, and options that there are not -------------------------------------------------------------------------------------

test('ksg of arrays is the estimate of their columns, with a condition and with several columns', () => {
  const draw = (n: number, f: (i: number) => number) => Float64Array.from({ length: n }, (_, i) => f(i));
  const x = draw(300, (i) => Math.sin(7.1 * i) + 0.01 * Math.cos(1.3 * i));
  const y = draw(300, (i) => x[i] + 0.5 * Math.sin(11.7 * i));
  const z = draw(300, (i) => Math.cos(3.7 * i));
  const one = (name: string, column: Float64Array) => ({ columns: [column], names: [name] });
  expect(ksg(x, y, { k: 3 }).nats).toBe(estimate({ x: one('x', x), y: one('y', y), k: 3 }).nats);
  expect(ksg(x, y, { given: z }).estimator).toBe('fp');
  expect(ksg([x, z], Array.from(y)).nats).toBe(
    estimate({ x: { columns: [x, z], names: ['a', 'b'] }, y: one('y', y) }).nats,
  );
  expect(ksg(x, y).nats).toBeCloseTo(ksg(y, x).nats, 12);
  expect(() => ksg(x, y.subarray(1))).toThrow(InputError);
});

test.each<[string, () => unknown]>([
  // @ts-expect-error: no such option
  ['squares', () => squares({ sid: 16 })],
  // @ts-expect-error: no such option
  ['betaVae', () => betaVae({ beta: 1, bta: 2 })],
  // @ts-expect-error: no such option
  ['vae', () => vae({ replicas: 1, input: 4, posterior: factorized(2, 1), hiden: [3] })],
  // @ts-expect-error: no such option
  ['ksg', () => ksg([1], [2], { neighbours: 3 })],
])('an option that %s has not is a type error, and refused when it runs', (name, make) => {
  expect(make).toThrow(InputError);
  expect(make).toThrow(new RegExp(`^${name} has no option \\w+; it takes `));
});

test('an option that train has not is refused before anything is computed', async () => {
  const model = vae({ replicas: 1, input: 256, hidden: [4], posterior: factorized(2, 1) });
  // @ts-expect-error: no such option
  await expect(train(executor, model, { ...brief, data: squares(), epochs: 3 })).rejects.toThrow(
    'train has no option epochs',
  );
});
