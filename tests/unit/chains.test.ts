// Long chains: tracing, differentiating, scheduling and planning take time in proportion, and no stack.

import { expect, test } from 'vitest';
import {
  add,
  gradient,
  mul,
  pack,
  relu,
  reshape,
  stopGradient,
  sum,
  type Tensor,
  variable,
  view,
} from '../../src/engine';
import { SOFTWARE } from '../../src/engine/graph/dispatch';
import { plansOf } from '../../src/engine/graph/footprint';
import { planMemory } from '../../src/engine/graph/memory';
import { schedule } from '../../src/engine/graph/schedule';

const links: Record<string, (x: Tensor, w: Tensor) => Tensor> = {
  sums: (x, w) => add(x, w),
  products: (x) => relu(mul(x, 0.5)),
  shapes: (x) => add(reshape(reshape(x, [8, 8]), [64]), 1),
  views: (x) => view(add(x, 1), 0, [64]),
  packs: (x) => pack([x]),
  'packs of two': (x, w) => view(pack([mul(x, 2), w]), 0, [64]),
  'stopped gradients': (x, w) => add(stopGradient(x), w),
};

/** Milliseconds for a chain of `length` links, from tracing to the memory plan. */
function time(link: (x: Tensor, w: Tensor) => Tensor, length: number, differentiate: boolean): number {
  const begin = performance.now();
  const w = variable('w', [64]);
  let x: Tensor = w;
  for (let i = 0; i < length; i++) x = link(x, w);
  const outputs: Record<string, Tensor> = differentiate ? { x, slope: gradient(sum(x), [w])[0] } : { x };
  const work = schedule({ outputs });
  const { places } = planMemory(work, plansOf(work, SOFTWARE));
  expect(places.size).toBeGreaterThanOrEqual(length);
  return performance.now() - begin;
}

test.each(Object.entries(links))(
  'a long chain of %s',
  (name, link) => {
    const differentiate = !name.startsWith('packs');
    const most = name === 'sums' || name === 'packs' ? 100_000 : 32_000;
    time(link, most / 20, differentiate);
    const short = time(link, most / 4, differentiate);
    const long = time(link, most, differentiate);
    // Four times the length: four times the time, and room for what else the machine does. Squares would be sixteen.
    expect(long / short).toBeLessThan(11);
  },
  60_000,
);
