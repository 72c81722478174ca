// The runner: whoever is trained beside whom, stopped wherever, asked for whatever later, a job leaves the same bytes.

import { beforeAll, expect, test, vi } from 'vitest';
import { DeviceLostError, type Executor, InputError, mean } from '../../src/engine';
import { CpuDevice } from '../../src/engine/cpu';
import { dataReader, posteriors } from '../../src/models';
import { writeCheckpoint } from '../../src/runs/checkpoint';
import { restored } from '../../src/runs/encoding';
import { type Job, jobOf } from '../../src/runs/job';
import { type MeasureName, measures as measureTable } from '../../src/runs/measures';
import { openData, settingOf } from '../../src/runs/recipe';
import { parseRecord } from '../../src/runs/record';
import type { Flat } from '../../src/runs/setting';
import { memoryStore, type Store } from '../../src/runs/store';
import { trainedReplicas } from '../../src/runs/trained';
import { trainPopulation } from '../../src/runs/training';
import { checkpointIn, work } from '../../src/runs/work';

let executor: CpuDevice;
beforeAll(async () => {
  executor = await CpuDevice.open();
});

const flat: Flat = {
  data: 'squares',
  'data.factors': 'scale=2..3,posX=8..15,posY=2..5',
  architecture: 'mlp',
  'architecture.hidden': '12',
  latents: 3,
  posterior: 'full',
  objective: 'betaVae',
  learningRate: 2e-3,
  batch: 8,
  steps: 250,
};
const jobs = (change: Flat, seeds: readonly number[]): Promise<Job[]> =>
  Promise.all(seeds.map((seed) => jobOf(settingOf({ ...flat, ...change }), seed)));
const measures: MeasureName[] = ['losses', 'scores', 'rotation'];
const options = { measures, keep: true, saveEvery: 100, adapter: 'test' };

/** What two families and an objective with a second player leave, each job by itself. */
async function planned(): Promise<Job[]> {
  const arms: Flat[] = [
    {},
    { posterior: 'lowRank' },
    { objective: 'factorVae', 'objective.layers': 1, 'objective.width': 8 },
  ];
  return (await Promise.all(arms.map((arm) => jobs(arm, [1, 2])))).flat();
}

const filesOf = (store: { files: Map<string, Uint8Array> }) =>
  Object.fromEntries([...store.files].sort().map(([name, bytes]) => [name, new TextDecoder('latin1').decode(bytes)]));

test('jobs leave the same bytes alone, together, and in any order', async () => {
  const all = await planned();
  const together = memoryStore();
  await work(together, executor, all, options);
  expect([...together.files.keys()].filter((name) => name.startsWith('record/')).length).toBe(6);
  const alone = memoryStore();
  for (const job of [...all].reverse()) await work(alone, executor, [job], options);
  expect(filesOf(alone)).toEqual(filesOf(together));
}, 60_000);

class Stopped extends Error {}

/** A store whose process is killed at write number `last`, before it or after it. */
function mortal(store: Store, last: number, after: boolean): Store {
  let writes = 0;
  const at = async (act: () => Promise<void>): Promise<void> => {
    writes += 1;
    if (writes < last) return act();
    if (after) await act();
    throw new Stopped();
  };
  return {
    read: store.read,
    write: (kind, name, bytes) => at(() => store.write(kind, name, bytes)),
    remove: (kind, name) => at(() => store.remove(kind, name)),
  };
}

test('stopped before or after any write, and gone on: the bytes of the run that was never stopped', async () => {
  const two = await jobs({ steps: 150 }, [3, 4]);
  for (const keep of [true, false]) {
    const whole = memoryStore();
    await work(whole, executor, two, { ...options, keep });
    // Two saves of two models, two records, and two removals where models are not kept.
    const writes = keep ? 6 : 8;
    for (let moment = 2; moment < 2 * writes + 2; moment++) {
      const [last, after] = [moment >> 1, moment % 2 === 1];
      const store = memoryStore();
      await expect(work(mortal(store, last, after), executor, two, { ...options, keep })).rejects.toThrow(Stopped);
      await work(store, executor, two, { ...options, keep });
      expect(filesOf(store), `write ${last}, ${after ? 'after' : 'before'} it, keep ${keep}`).toEqual(filesOf(whole));
    }
  }
}, 120_000);

test('a measure that is added later looks at kept models, and trains nothing', async () => {
  const two = await jobs({}, [5, 6]);
  const atOnce = memoryStore();
  await work(atOnce, executor, two, options);
  const later = memoryStore();
  let steps = 0;
  const hooks = {
    onMeasured: () => {
      steps += 1;
    },
  };
  await work(later, executor, two, { ...options, measures: ['scores'] }, {}, hooks);
  expect(steps).toBeGreaterThan(0);
  steps = 0;
  await work(later, executor, two, options, {}, hooks);
  expect(steps).toBe(0);
  expect(filesOf(later)).toEqual(filesOf(atOnce));
  // All is done: nothing is even read again.
  await work(mortal(later, 1, false), executor, two, options);
}, 60_000);

test('a model that diverges is a record, and the others are what they are without it', async () => {
  const [[good], [bad]] = [await jobs({}, [7]), await jobs({ learningRate: 1e30 }, [7])];
  const store = memoryStore();
  await work(store, executor, [bad, good], options);
  const record = await parseRecord(store.files.get(`record/${bad.name}`) as Uint8Array, 'bad');
  expect(record).toMatchObject({ status: 'diverged', measures: {} });
  expect(record.diverged?.step).toBeGreaterThan(0);
  expect(store.files.has(`checkpoint/${bad.name}`)).toBe(false);
  const alone = memoryStore();
  await work(alone, executor, [good], options);
  for (const name of [`record/${good.name}`, `checkpoint/${good.name}`])
    expect(store.files.get(name)).toEqual(alone.files.get(name));
  // It is done, too: nobody trains it again.
  await work(mortal(store, 1, false), executor, [bad, good], options);
}, 60_000);

test('records and checkpoints that are damaged or of another job are refused by name, and nothing is written over them', async () => {
  const [a, b] = await jobs({ steps: 100 }, [8, 9]);
  const store = memoryStore();
  await work(store, executor, [a, b], options);
  const record = store.files.get(`record/${a.name}`) as Uint8Array;
  const other = store.files.get(`record/${b.name}`) as Uint8Array;
  for (let flip = 0; flip < 60; flip++) {
    const lying = record.slice();
    lying[Math.floor((flip / 60) * lying.length)] ^= 1 << (flip % 7);
    store.files.set(`record/${a.name}`, lying);
    await expect(work(store, executor, [a], options), `flip ${flip}`).rejects.toThrow(InputError);
    expect(store.files.get(`record/${a.name}`)).toBe(lying);
  }
  store.files.set(`record/${a.name}`, other);
  await expect(work(store, executor, [a], options)).rejects.toThrow(
    `the record of ${a.name} is the record of ${b.name}`,
  );
  store.files.delete(`record/${a.name}`);
  store.files.set(`checkpoint/${a.name}`, store.files.get(`checkpoint/${b.name}`) as Uint8Array);
  await expect(work(store, executor, [a], options)).rejects.toThrow(`the checkpoint of ${a.name} was made with other`);
}, 60_000);

test('models of one list may be at other steps: each goes on from its own', async () => {
  const [a, b] = await jobs({}, [10, 11]);
  const whole = memoryStore();
  await work(whole, executor, [a, b], options);
  const store = memoryStore();
  // The first write is the first model's at step 100: the second has none.
  await expect(work(mortal(store, 1, true), executor, [a, b], options)).rejects.toThrow(Stopped);
  expect((await checkpointIn(store, a))?.saved.step).toBe(100);
  expect(await checkpointIn(store, b)).toBeUndefined();
  await work(store, executor, [a, b], options);
  expect(filesOf(store)).toEqual(filesOf(whole));
}, 60_000);

test('what is cut out of a population is what training alone would have saved', async () => {
  const three = await jobs({ objective: 'factorVae', 'objective.layers': 2, 'objective.width': 8 }, [12, 13, 14]);
  const bytesOf = async (group: readonly Job[]) => {
    const outcomes = await trainPopulation(executor, group, undefined, {});
    return Promise.all(
      outcomes.map((outcome, r) => (outcome.status === 'done' ? writeCheckpoint(group[r], outcome.state) : undefined)),
    );
  };
  const together = await bytesOf(three);
  for (const [r, job] of three.entries()) expect(together[r]).toEqual((await bytesOf([job]))[0]);
});

/** TC(z|x) as the posterior itself computes it, in the graph: mean over all examples. */
async function coupling(device: Executor, job: Job, saved: Parameters<typeof restored>[2]): Promise<number> {
  const model = restored(device, [job], saved);
  const source = await openData(device, job.setting);
  const reader = dataReader(device, source);
  await reader.seek(0);
  const { tc } = await device.evaluate({ tc: mean(model.posterior.conditionalTc(model.encode(reader.examples)), [1]) });
  return tc[0];
}

test.each(Object.keys(posteriors))(
  'measures see what a %s posterior means, not the numbers of its rows',
  async (posterior) => {
    // 512 examples are one batch to the last row, so that the graph's mean is over all of them, once each.
    const change: Flat = { posterior, 'data.factors': 'scale=2..3,posX=0..31,posY=0..7' };
    const [exactly] = await jobs(posterior === 'rotated' ? { ...change, 'posterior.rotation': 3 } : change, [15]);
    const [outcome] = await trainPopulation(executor, [exactly], undefined, {});
    if (outcome.status !== 'done') throw new Error('diverged');
    const saved = [outcome.state.saved];
    using encoded = await trainedReplicas(executor, [exactly], saved);
    const [replica] = encoded.replicas;
    const measured = measureTable.rotation(executor, replica).conditionalTc;
    const expected = await coupling(executor, exactly, saved);
    expect(measured).toBeCloseTo(expected, 4);
    const coupled = !['factorized'].includes(posterior);
    expect(measured > 1e-4).toBe(coupled);
    // Samples are of those Gaussians: whitened, their squares average to 1.
    const { components, samples } = replica;
    const squares = components.map(({ mean: m, precision }, n) => {
      const away = m.map((value, i) => samples[i][n] - value);
      return away.reduce((sum, x, i) => sum + x * precision[i].reduce((s, p, j) => s + p * away[j], 0), 0) / 3;
    });
    const average = squares.reduce((a, b) => a + b, 0) / squares.length;
    expect(Math.abs(average - 1)).toBeLessThan(5 * Math.sqrt(2 / (3 * squares.length)));
  },
);

test('a measure that a model is beyond is refused with its reason, and the others are there', async () => {
  const [job] = await jobs({ steps: 100 }, [16]);
  const beyond = vi.spyOn(measureTable, 'turning').mockImplementation(() => {
    throw new InputError('too narrow');
  });
  const store = memoryStore();
  const wanted: MeasureName[] = ['losses', 'turning', 'rotation'];
  await work(store, executor, [job], { ...options, measures: wanted });
  const record = await parseRecord(store.files.get(`record/${job.name}`) as Uint8Array, 'it');
  expect(Object.keys(record.measures)).toEqual(['losses', 'rotation']);
  expect(record.refused).toEqual({ turning: 'too narrow' });
  // It is done: nobody measures it again, and a fault of the program is no refusal.
  await work(mortal(store, 1, false), executor, [job], { ...options, measures: wanted });
  beyond.mockImplementation(() => {
    throw new TypeError('a bug');
  });
  await expect(work(memoryStore(), executor, [job], { ...options, measures: wanted })).rejects.toThrow('a bug');
  beyond.mockRestore();
});

test('blocks of any length leave the same bytes, and whoever paces sees every step and the end', async () => {
  const [job] = await jobs({}, [4]);
  const plain = memoryStore();
  await work(plain, executor, [job], options);
  const paced = memoryStore();
  const seen: number[] = [];
  let ended = 0;
  await work(
    paced,
    executor,
    [job],
    options,
    {},
    {
      pace: async ({ stepsDone }) => {
        seen.push(stepsDone);
        return [1, 7, 30, 1000][seen.length % 4];
      },
      onEnd: () => {
        ended++;
      },
    },
  );
  expect(filesOf(paced)).toEqual(filesOf(plain));
  expect(seen[0]).toBe(0);
  expect(seen.at(-1)).toBe(250);
  expect(seen.length).toBeGreaterThan(10);
  expect(ended).toBe(1);
});

test('a run that is stopped between two blocks goes on from its checkpoint to the same bytes', async () => {
  const [job] = await jobs({}, [5]);
  const plain = memoryStore();
  await work(plain, executor, [job], options);
  const stopped = memoryStore();
  const controller = new AbortController();
  const pace = async ({ stepsDone }: { stepsDone: number }) => {
    if (stepsDone >= 133) controller.abort(new Error('enough'));
    return 33;
  };
  await expect(work(stopped, executor, [job], { ...options, signal: controller.signal }, {}, { pace })).rejects.toThrow(
    'enough',
  );
  expect([...stopped.files.keys()]).toEqual([`checkpoint/${job.name}`]);
  await work(stopped, executor, [job], options);
  expect(filesOf(stopped)).toEqual(filesOf(plain));
});

/** An executor whose device goes away at a compilation, with all it stored, and is replaced when it is asked to. */
async function losing(loseAt: { compilation: number }) {
  let inner = await CpuDevice.open();
  let measuring = false;
  let compilations = 0;
  const executor = new Proxy({} as Executor, {
    get(_, key: keyof Executor) {
      if (key === 'recover')
        return async () => {
          inner.dispose();
          inner = await CpuDevice.open();
        };
      if (key === 'compile' && measuring)
        return (graph: Parameters<Executor['compile']>[0]) => {
          compilations += 1;
          if (compilations === loseAt.compilation) throw new DeviceLostError('gone');
          return inner.compile(graph);
        };
      const value = inner[key as keyof CpuDevice] as unknown;
      return typeof value === 'function' ? value.bind(inner) : value;
    },
  });
  const onEnd = () => {
    measuring = true;
  };
  return { executor, onEnd, compilations: () => compilations };
}

test('a GPU lost at any moment of measuring: the bytes of the run that lost none; lost again and again, the error', async () => {
  const two = await jobs({ steps: 100 }, [7, 8]);
  const run = async (compilation: number) => {
    const lossy = await losing({ compilation });
    const store = memoryStore();
    await work(store, lossy.executor, two, options, {}, { onEnd: lossy.onEnd });
    return { files: filesOf(store), compilations: lossy.compilations() };
  };
  const calm = await run(0);
  expect(calm.compilations).toBeGreaterThan(0);
  for (let moment = 1; moment <= calm.compilations; moment++)
    expect((await run(moment)).files, `compilation ${moment}`).toEqual(calm.files);
  const { executor: dying, onEnd } = await losing({ compilation: 1 });
  const gone = new Proxy(dying, {
    get: (target, key) =>
      key === 'recover' ? () => Promise.reject(new DeviceLostError('no other')) : target[key as keyof Executor],
  });
  await expect(work(memoryStore(), gone, two, options, {}, { onEnd })).rejects.toThrow('no other');
});
