// What a study found, in one sentence.

import { meanOf } from '../math/statistics';
import type { StudyResults } from './results';

/** The finding in one sentence, with effect, interval and p. It says what was found, whichever way it went. */
export function finding({ arms, comparison }: StudyResults): string {
  const [before, after] = arms.map(({ replicas }) => meanOf(replicas.map(({ mig }) => mig)).toFixed(2));
  const [low, high] = comparison.interval.map((value) => value.toFixed(2));
  const effect = `MIG ${before} → ${after}, difference ${comparison.difference.toFixed(2)}, 95 % interval ${low} to ${high}, p = ${comparison.pValue.toPrecision(2)}`;
  if (comparison.pValue < 0.05 && comparison.difference < 0) {
    return `Letting the posterior couple the latents lowers disentanglement: ${effect}.`;
  }
  if (comparison.pValue < 0.05) return `Letting the posterior couple the latents raised disentanglement: ${effect}.`;
  return `These seeds do not show a difference in disentanglement: ${effect}.`;
}
