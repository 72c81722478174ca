// The state of a population as states of its replicas, and back. A replica in a population is bitwise the replica alone, so what is
// cut out is what training it alone would have saved; a list of models can be cut anywhere, and put together otherwise.

import { arenaLayout, type Data, InputError } from '../engine';
import type { Saved } from './train';
import type { TrainingStep } from './trainingStep';

/** How the arenas of a population lie: see `TrainingStep`. */
export type Layout = Pick<TrainingStep, 'sizes' | 'replicas'>;

/** Numbers from `from` on of one arena, to number `to` on of another, `count` of them, for every tensor of replica `r`. */
function pieces(sizes: readonly number[], replicas: number, r: number) {
  const [whole, alone] = [replicas, 1].map((count) => arenaLayout(sizes.map((size) => [count, size])));
  const moves = sizes.map((size, i) => ({ whole: whole.offsets[i] + r * size, alone: alone.offsets[i], count: size }));
  return { moves, whole: whole.length, alone: alone.length };
}

/** The state of replica `r` as it would be alone. */
export function replicaOf({ sizes, replicas }: Layout, { step, values }: Saved, r: number): Saved {
  const own = (name: string, data: Data): Data => {
    if (name === 'seeds') return data.slice(r, r + 1);
    if (sizes[name] === undefined) return data;
    const { moves, alone } = pieces(sizes[name], replicas, r);
    const cut = new Float32Array(alone);
    for (const { whole, alone: to, count } of moves) cut.set(data.subarray(whole, whole + count), to);
    return cut;
  };
  return { step, values: Object.fromEntries(Object.entries(values).map(([name, data]) => [name, own(name, data)])) };
}

/** One state out of those of single replicas. Throws InputError where they are of different steps or not of this model. */
export function together({ sizes, replicas }: Layout, parts: readonly Saved[]): Saved {
  const [{ step, values }] = parts;
  const odd = parts.find((part) => part.step !== step);
  if (odd !== undefined) throw new InputError(`states of steps ${step} and ${odd.step} are no one state`);
  const joined = (name: string, data: Data): Data => {
    if (name === 'seeds') return Uint32Array.from(parts, (part) => part.values.seeds[0]);
    if (sizes[name] === undefined) return data;
    const all = new Float32Array(pieces(sizes[name], replicas, 0).whole);
    for (const [r, part] of parts.entries()) {
      const { moves, alone } = pieces(sizes[name], replicas, r);
      const own = part.values[name];
      if (own?.length !== alone)
        throw new InputError(
          `the saved ${name} has ${own?.length ?? 0} numbers, not ${alone}: it belongs to another model`,
        );
      for (const { whole, alone: from, count } of moves) all.set(own.subarray(from, from + count), whole);
    }
    return all;
  };
  return { step, values: Object.fromEntries(Object.entries(values).map(([name, data]) => [name, joined(name, data)])) };
}
