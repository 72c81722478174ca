// The scenes of the theory lab by name, and the theorems' cases: a scene with its sliders.

import { copyBits, gatedBits, xorBits } from './bitScenes';
import { decoder, linear } from './gaussianScenes';
import { gate, mixture } from './mixtureScenes';
import type { Scene, Values } from './scene';

export const scenes = {
  linear,
  decoder,
  mixture,
  gate,
  gated: gatedBits,
  xor: xorBits,
  copies: copyBits,
} as const satisfies Record<string, Scene>;
export type SceneName = keyof typeof scenes;

/** The theorems' cases and counterexamples (method.md 3.6, 3.8): a scene with its sliders. */
export const cases: readonly { readonly name: string; readonly scene: SceneName; readonly values: Values }[] = [
  { name: 'CE1 gating', scene: 'gated', values: {} },
  { name: 'CE2 invariant, and neither independent', scene: 'linear', values: { a: 2, b: 2, rx: 0.6, rn: 0.6 } },
  { name: 'CE3 exclusive or', scene: 'xor', values: {} },
  { name: 'CE3 Gaussian', scene: 'linear', values: { rx: 0.6, n1: 1, n2: 1, rn: -0.6 } },
  { name: 'CE4 copies', scene: 'copies', values: {} },
  { name: 'CE5 everything holds, in any basis', scene: 'linear', values: { rn: 0, n1: 0.25, n2: 0.25, turn: 30 } },
  { name: 'T5 a rotation', scene: 'decoder', values: {} },
  { name: 'GM2 a factorized mixture', scene: 'mixture', values: { rho: 0 } },
  { name: 'GM3 a coupled mixture', scene: 'mixture', values: {} },
  { name: 'GM6 the gate', scene: 'gate', values: {} },
];

export const defaultsOf = (scene: SceneName): Values =>
  Object.fromEntries(scenes[scene].sliders.map(({ key, value }) => [key, value]));
