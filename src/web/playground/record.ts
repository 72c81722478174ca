// What record.mjs runs: the playground's default run, and four examples of every data set.

import { constant } from '../../engine';
import { CpuDevice } from '../../engine/cpu';
import { jobOf } from '../../runs/job';
import { dataOf, settingOf } from '../../runs/recipe';
import type { ModelRecord } from '../../runs/record';
import { memoryStore } from '../../runs/store';
import { recordIn, work } from '../../runs/work';
import type { RecordedFile } from './recorded';
import { liveMeasures } from './session';
import { dataChoices, defaults, flatOfArm, seedsOf, sides, withData } from './state';

const PICTURES = 4;

export async function record(say: (line: string) => void): Promise<RecordedFile> {
  const executor = await CpuDevice.open();
  const store = memoryStore();
  const adapter = executor.kind;
  const records: ModelRecord[] = [];
  for (const seed of seedsOf(defaults))
    for (const side of sides) {
      const job = await jobOf(settingOf(flatOfArm(defaults, side)), seed);
      // The first seed's models are the ones that are shown; pictures of the others would be most of the file.
      const first = seed === defaults.first;
      const measures = first
        ? [...liveMeasures, 'invariance' as const]
        : liveMeasures.filter((name) => name !== 'traversals');
      await work(store, executor, [job], { measures, keep: false, adapter });
      const found = await recordIn(store, job);
      if (found === undefined) throw new Error(`no record of ${job.name}`);
      records.push(found);
      say(`${side}, seed ${seed}: MIG ${found.measures.scores?.own.values.mig.toFixed(3)}`);
    }
  return { adapter, records, thumbnails: await thumbnails(executor) };
}

async function thumbnails(executor: CpuDevice): Promise<RecordedFile['thumbnails']> {
  const found: RecordedFile['thumbnails'][number][] = [];
  for (const name of Object.keys(dataChoices)) {
    const data = dataOf(settingOf(flatOfArm(withData(defaults, name), 'left')));
    if (data.shape.length !== 3 || data.real === true) continue;
    const rows = Uint32Array.from({ length: PICTURES }, (_, i) => Math.floor(((i + 0.4) * data.count) / PICTURES));
    await data.open?.(executor);
    const { images } = await executor.evaluate({ images: data.batch(constant(rows, [1, PICTURES])) });
    const bytes = Uint8Array.from(images, (value) => Math.round(255 * value));
    found.push({ name, shape: data.shape, pixels: btoa(String.fromCharCode(...bytes)) });
  }
  return found;
}
