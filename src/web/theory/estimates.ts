// The workers of the theory lab: exact values; and what estimators find that see nothing but samples, then the test of invariance.

import { Draw } from '../../metrics/information/draw';
import { type EstimateRequest, estimate, type Variable } from '../../metrics/information/estimate';
import { invarianceTest, type LatentInvariance } from '../../metrics/invariance/invarianceTest';
import type { Exact, Values } from './scene';
import { type SceneName, scenes } from './scenes';

export interface Asked {
  readonly id: number;
  readonly scene: SceneName;
  readonly values: Values;
  readonly seed: number;
  readonly want: 'exact' | 'estimates';
}

export interface Found {
  readonly nats: number;
  readonly standardError: number;
}

export type Quantity = 'I' | 'C' | 'R';

export type Answer = { readonly id: number } & (
  | { readonly kind: 'exact'; readonly exact: Exact }
  | { readonly kind: 'estimates'; readonly estimates: Readonly<Record<Quantity, Found>>; readonly samples: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'test'; readonly test: Pick<LatentInvariance, 'pointwise' | 'adjustedPValue' | 'tau' | 'verdict'> }
);

const SAMPLES = 1500;

/** What is asked meanwhile makes the rest of an answer needless. */
let latest = 0;

const found = (request: EstimateRequest): Found => {
  const { nats, standardError = 0 } = estimate({ ...request, standardError: true });
  return { nats, standardError };
};

/** C of labels, whose estimators take no condition: I(z1; (x, z2)) - I(z1; z2), errors added as if they were independent. */
function ofLabels(z1: Variable, x: Variable, z2: Variable): Readonly<Record<Quantity, Found>> {
  const both: Variable = {
    columns: [x.columns[0].map((value, s) => value * 2 + z2.columns[0][s])],
    names: ['x, z2'],
    discrete: true,
  };
  const [all, R] = [found({ x: z1, y: both }), found({ x: z1, y: z2 })];
  return {
    I: found({ x: z1, y: x }),
    C: { nats: all.nats - R.nats, standardError: Math.hypot(all.standardError, R.standardError) },
    R,
  };
}

/** x may be a label while the latents are numbers: then x is told by its number, one neighbourhood each. */
function ofNumbers(z1: Variable, x: Variable, z2: Variable): Readonly<Record<Quantity, Found>> {
  const R = found({ x: z1, y: z2 });
  if (x.discrete !== true) return { I: found({ x: z1, y: x }), C: found({ x: z1, y: x, given: z2 }), R };
  const joint: Variable = { columns: [...z1.columns, ...z2.columns], names: ['z1', 'z2'] };
  const [both, second] = [found({ x: joint, y: x }), found({ x: z2, y: x })];
  return {
    I: found({ x: z1, y: x }),
    C: { nats: both.nats - second.nats, standardError: Math.hypot(both.standardError, second.standardError) },
    R,
  };
}

const breathe = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

async function answer({ id, scene: name, values, seed, want }: Asked): Promise<void> {
  const scene = scenes[name];
  const tell = (message: Answer): void => postMessage(message);
  if (want === 'exact') {
    tell({ id, kind: 'exact', exact: scene.exact(values) });
    return;
  }
  const { x, z } = scene.sample(values, SAMPLES, new Draw(seed, 5300));
  const estimates = z[0].discrete === true ? ofLabels(z[0], x, z[1]) : ofNumbers(z[0], x, z[1]);
  tell({ id, kind: 'estimates', estimates, samples: SAMPLES });
  await breathe();
  if (latest !== id || !('components' in scene) || scene.components === undefined) return;
  const [test] = invarianceTest(scene.components(values), { latents: [0], strata: 12, samples: 384, seed });
  const { pointwise, adjustedPValue, tau, verdict } = test;
  tell({ id, kind: 'test', test: { pointwise, adjustedPValue, tau, verdict } });
}

addEventListener('message', ({ data }: MessageEvent<Asked>) => {
  latest = data.id;
  void breathe()
    .then(() => (latest === data.id ? answer(data) : undefined))
    .catch((error) => postMessage({ id: data.id, kind: 'failed', message: String(error) } satisfies Answer));
});
