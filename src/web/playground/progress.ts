// How far a run is, as a share and in words.

import type { Session } from './session';
import { type State, seedsOf, sides } from './state';

type Arms = Session['arms'];

/** The share of all steps of all seeds that is made. */
export function progressOf(state: State, arms: Arms, finished: number): number {
  const steps = Number(state.base.steps);
  const now = sides.reduce(
    (sum, side) => sum + (arms[side].records.has(arms[side].seed ?? -1) ? 0 : arms[side].step / steps),
    0,
  );
  return Math.min(1, (finished + now) / (2 * state.seeds));
}

export function progressText(state: State, arms: Arms, phase: string, finished: number, total: number): string {
  if (phase === 'idle') return finished === 0 ? 'ready' : `${finished} of ${total} models recorded`;
  if (phase === 'starting') return 'starting';
  if (phase === 'measuring') {
    const { seed, share } = sides.map((side) => arms[side]).find((arm) => arm.phase === 'measuring') ?? arms.left;
    return `measuring seed ${seed}: ${Math.round(100 * share)} %`;
  }
  if (phase === 'done' || phase === 'stopped' || phase === 'failed') return `${phase}: ${finished} of ${total} models`;
  const { step, rate, seed } = arms.left.rate > 0 ? arms.left : arms.right;
  const steps = Number(state.base.steps);
  const left = (total - finished) / 2;
  const seconds = rate > 0 ? Math.round((left * steps - step) / rate) : Number.NaN;
  const eta = Number.isFinite(seconds) && seconds > 0 && phase === 'training' ? ` · ${seconds} s left` : '';
  return `seed ${seed}, step ${step.toLocaleString('en')} of ${steps.toLocaleString('en')} · ${Math.round(rate).toLocaleString('en')} steps a second an arm${eta}`;
}

/** Models of the state's seeds that are recorded, and all that will be. */
export const finishedOf = (state: State, arms: Arms): number =>
  sides.reduce((sum, side) => sum + seedsOf(state).filter((each) => arms[side].records.has(each)).length, 0);
