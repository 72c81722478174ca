// The playground's state: two arms that share everything but their posterior and its dose, the seeds they are trained on, and what is looked
// at. It lives in the page's address; a key that is not known is ignored, a value that cannot be is replaced and said.

import { dataSets } from '../../data/catalogue';
import { InputError } from '../../engine';
import { objectives, posteriors } from '../../runs/families';
import { settingOf } from '../../runs/recipe';
import type { Flat, FlatValue } from '../../runs/setting';
import { decline, squaresBase } from '../../studies/decline';
import { changed } from '../../studies/study';
import { hashOfPairs, type Pairs } from '../kit/hash';
import type { Prefer } from '../lab/protocol';

export const sides = ['left', 'right'] as const;
export type Side = (typeof sides)[number];

/** What of the models is drawn. */
export interface Looks {
  /** Latents on the two axes, the factor that colours, the example, whether in the turned basis, and the seed whose model is shown. */
  readonly x: number;
  readonly y: number;
  readonly colour: number;
  readonly example: number;
  readonly turned: boolean;
}

export interface State {
  /** Data, network, objective and training of both arms. */
  readonly base: Flat;
  readonly arms: Readonly<Record<Side, Flat>>;
  readonly first: number;
  readonly seeds: number;
  readonly device: Prefer;
  readonly looks: Looks;
  /** Parts of the page that a lesson hides, and whether it has its text. */
  readonly hide: readonly string[];
  readonly text: boolean;
}

/** The factorized posterior on the code path of the full one: same parameters, same noise, so that arms are paired. */
const FACTORIZED: Flat = { posterior: 'full', 'posterior.offDiagonal': 0 };

const cells = Object.values(decline.presets).flatMap((preset) => preset.cells);
const changeOfCell = (name: string): Flat => cells.find((cell) => cell.name === name)?.change ?? {};

/** Data sets with what trains well on them, as the study `decline` has them. */
export const dataChoices: Readonly<Record<string, Flat>> = {
  squares: {},
  sprites: changeOfCell('sprites'),
  shapes3d: changeOfCell('shapes3d'),
  circles: { data: 'circles', 'data.side': 16 },
  xySquares: {
    data: 'xySquares',
    'data.side': 16,
    'data.factors': 'redX=0..7,redY=0..7,greenX=0..7,greenY=3,blueX=3,blueY=3',
  },
  linear: changeOfCell('linear'),
};

/** Arms that a click chooses; others by the address. */
export const armChoices: Readonly<Record<string, { readonly flat: Flat; readonly about: string }>> = {
  factorized: { flat: FACTORIZED, about: 'q(z|x) lets the latents vary independently: no coupling given x' },
  full: { flat: { posterior: 'full' }, about: 'q(z|x) may couple all latents: a full covariance for every x' },
  block: { flat: { posterior: 'block' }, about: 'pairs of latents may be coupled, others not' },
  lowRank: { flat: { posterior: 'lowRank' }, about: 'a diagonal and one direction of coupling' },
  correlated: {
    flat: { posterior: 'correlated', 'posterior.rho': 0.6 },
    about: 'the noise of all pairs is correlated, by a fixed ρ',
  },
  rotated: {
    flat: { posterior: 'rotated', 'posterior.rotation': 1 },
    about: 'the factorized codes seen in a random basis: the control',
  },
  constantCholesky: { flat: { posterior: 'constantCholesky' }, about: 'one coupling, learned, for every x' },
  reversedCholesky: { flat: { posterior: 'reversedCholesky' }, about: 'full, with the factor from the last latent on' },
};

export const defaults: State = {
  base: withoutPosterior(squaresBase),
  arms: { left: FACTORIZED, right: { posterior: 'full' } },
  first: 1,
  seeds: 6,
  device: 'auto',
  looks: { x: 0, y: 1, colour: 0, example: 0, turned: false },
  hide: [],
  text: true,
};

function withoutPosterior(flat: Flat): Flat {
  const { posterior: _, ...rest } = flat;
  return rest;
}

/** The setting of an arm as flat JSON. */
export const flatOfArm = ({ base, arms }: Pick<State, 'base' | 'arms'>, side: Side): Flat => changed(base, arms[side]);

/** The state with another data set, and what trains well on it. */
export const withData = (state: State, name: string): State => ({
  ...state,
  base: changed(
    changed(name.startsWith('own-') ? { ...state.base, 'architecture.hidden': '128,64' } : defaults.base, {
      data: name,
    }),
    dataChoices[name] ?? {},
  ),
  looks: { ...state.looks, x: 0, y: 1, colour: 0, example: 0 },
});

export const MOST_SEEDS = 50;
/** Of the examples that a worker looks at. */
export const MOST_EXAMPLE = 111;
const devices: readonly Prefer[] = ['auto', 'gpu', 'cpu', 'software', 'reference'];
const BASE_KEY =
  /^(data|data\..+|architecture|architecture\..+|deviation|latents|objective|objective\..+|learningRate|batch|steps)$/;

const numberOrText = (text: string): FlatValue =>
  text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;

/** Why an arm of a state cannot be trained, or undefined. */
export function problemOf(state: Pick<State, 'base' | 'arms'>): string | undefined {
  for (const side of sides) {
    try {
      settingOf(flatOfArm(state, side));
    } catch (error) {
      if (!(error instanceof InputError)) throw error;
      return error.message;
    }
  }
  return undefined;
}

/** Reads an address. What is not as it must be is left at its default, with a sentence that says so. */
export function stateOf(pairs: Pairs): { readonly state: State; readonly notices: readonly string[] } {
  const notices: string[] = [];
  let state = defaults;
  const attempt = (key: string, text: string, next: State): void => {
    const problem = problemOf(next);
    if (problem === undefined) state = next;
    else notices.push(`${key}=${text} was left out: ${problem}`);
  };
  const data = pairs.get('data');
  if (data !== undefined && data !== state.base.data) attempt('data', data, withData(state, data));
  // Families first: their numbers belong to them.
  const keys = [...pairs.keys()].sort((a, b) => a.split('.').length - b.split('.').length);
  for (const key of keys) {
    const text = pairs.get(key) ?? '';
    const side = sides.find((each) => key === each || key.startsWith(`${each}.`));
    if (side !== undefined) attempt(key, text, withArm(state, side, key.slice(side.length + 1), text));
    else if (BASE_KEY.test(key) && key !== 'data')
      attempt(key, text, { ...state, base: changed(state.base, { [key]: asText(key, text) }) });
  }
  const whole = (key: string, fallback: number, least: number, most: number): number => {
    const text = pairs.get(key);
    if (text === undefined) return fallback;
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && value <= most) return value;
    notices.push(`${key}=${text} was left out: it is a whole number from ${least} to ${most}.`);
    return fallback;
  };
  const latents = Number(state.base.latents);
  const device = pairs.get('device') ?? 'auto';
  if (!(devices as readonly string[]).includes(device))
    notices.push(`device=${device} was left out: it is one of ${devices.join(', ')}.`);
  const x = whole('x', 0, 0, latents - 1);
  return {
    state: {
      ...state,
      first: whole('first', defaults.first, 0, 2 ** 32 - 1 - MOST_SEEDS),
      seeds: whole('seeds', defaults.seeds, 1, MOST_SEEDS),
      device: (devices as readonly string[]).includes(device) ? (device as Prefer) : 'auto',
      looks: {
        x,
        y: whole('y', Math.min(1, latents - 1), 0, latents - 1),
        colour: whole('colour', 0, 0, 63),
        example: whole('example', 0, 0, MOST_EXAMPLE),
        turned: pairs.get('turned') === '1',
      },
      hide: (pairs.get('hide') ?? '').split(',').filter((part) => part !== ''),
      text: pairs.get('text') !== 'off',
    },
    notices,
  };
}

/** Lists and restrictions stay text. */
const asText = (key: string, text: string): FlatValue =>
  key === 'architecture.hidden' || key === 'data.factors' ? text : numberOrText(text);

/** `key` is '' for the posterior itself, a name of armChoices or of the table; `lambda`; or a number of the posterior. */
export function withArm(state: State, side: Side, key: string, text: string): State {
  const arm = state.arms[side];
  const chosen: Flat =
    key === ''
      ? { ...(armChoices[text]?.flat ?? { posterior: text }), ...dosed(arm) }
      : { ...arm, [key === 'lambda' ? 'objective.lambda' : `posterior.${key}`]: numberOrText(text) };
  return { ...state, arms: { ...state.arms, [side]: chosen } };
}

const dosed = (arm: Flat): Flat => {
  const lambda = arm['objective.lambda'];
  return lambda === undefined ? {} : { 'objective.lambda': lambda };
};

/** Everything that decides the run, and of the rest what is not as usual. */
export function hashOf(state: State): string {
  const { base, arms, first, seeds, device, looks, hide, text } = state;
  const pairs: [string, FlatValue][] = [
    ...Object.entries(base),
    ...sides.flatMap((side): [string, FlatValue][] =>
      Object.entries(arms[side]).map(([key, value]) => [
        key === 'posterior' ? side : `${side}.${key.replace(/^posterior\.|^objective\./, '')}`,
        value,
      ]),
    ),
    ['first', first],
    ['seeds', seeds],
  ];
  if (device !== defaults.device) pairs.push(['device', device]);
  for (const [key, value] of Object.entries(looks))
    if (value !== defaults.looks[key as keyof Looks]) pairs.push([key, Number(value)]);
  if (hide.length > 0) pairs.push(['hide', hide.join(',')]);
  if (!text) pairs.push(['text', 'off']);
  return hashOfPairs(pairs);
}

/** What an arm is called. */
export function armName(arm: Flat): string {
  const { posterior, 'posterior.offDiagonal': offDiagonal, 'objective.lambda': lambda, ...numbers } = arm;
  const family = posterior === 'full' && offDiagonal === 0 ? 'factorized' : String(posterior);
  const rest = Object.entries(numbers).map(([key, value]) => `${key.replace('posterior.', '')} ${value}`);
  return [family, ...rest, ...(lambda === undefined || lambda === 0 ? [] : [`λ ${lambda}`])].join(', ');
}

/** Names of both arms, told apart where they are one. */
export function armNames({ arms }: Pick<State, 'arms'>): Readonly<Record<Side, string>> {
  const [left, right] = sides.map((side) => armName(arms[side]));
  return { left, right: right === left ? `${right} (again)` : right };
}

export const seedsOf = ({ first, seeds }: Pick<State, 'first' | 'seeds'>): number[] =>
  Array.from({ length: seeds }, (_, i) => first + i);

export const known = { data: dataSets, posteriors, objectives };
