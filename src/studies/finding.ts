// What a study found, in words: data, objective, score, factors, the paired interval, seeds for and against, whether the bounds were equal, and
// always what one rotation of the same codes gives back.

import type { Analysis, Compared } from './analysis';
import { fixed } from './format';
import type { Definition } from './study';

const two = (value: number): string => fixed(value, 2);

/** An interval in words; of too few seeds there is none. */
export const intervalText = ([low, high]: readonly [number, number]): string =>
  Number.isFinite(low) ? `${two(low)} to ${two(high)}` : 'unbounded: too few seeds';

/** The finding, a few sentences. It says what was found, whichever way it went. */
export function finding({ contrasts: [primary], cells }: Analysis, definition: Definition): string {
  const cell = cells.find(({ name }) => name === primary.cell) ?? cells[0];
  const armOf = (name: string) => cell.arms.find((arm) => arm.name === name) ?? cell.arms[0];
  const [from, to] = [armOf(primary.from.arm), armOf(primary.to.arm)];
  const score = primary.score === 'mig' ? 'MIG of means' : primary.score;
  if (primary.n === 0) return `Nothing can be said: no seed has a finished model of both ${from.name} and ${to.name}.`;
  const [a, b] = primary.means.map(two);
  const p = primary.adjusted ?? primary.pValue;
  const what =
    p < 0.05
      ? `${definition.act} ${primary.difference < 0 ? 'lowers' : 'raises'} disentanglement`
      : 'These seeds do not show a difference in disentanglement';
  const equal = cell.equality.find(({ arm }) => arm === to.name);
  const [against, plus] = primary.signs;
  const bounds =
    equal === undefined
      ? ''
      : equal.pValue < 0.05
        ? ` The bounds are equal to within 1 % (p ${probability(equal.pValue)}).`
        : ` The bounds are not shown to be equal: they differ by ${two(equal.difference.difference)} nats (${intervalText(equal.difference.interval)}).`;
  const turned = cell.described.find(
    (each) => each.to.arm === to.name && each.to.basis === 'turned' && each.score === primary.score,
  );
  const [control, back] = turned?.means ?? [Number.NaN, Number.NaN];
  return (
    `${what}: on ${cell.about}, ${score} over ${cell.factors.join(', ')} goes ${a} → ${b} from ${from.name} to ${to.name}, difference ${two(primary.difference)}, ` +
    `95 % interval ${intervalText(primary.flipInterval)} (t: ${intervalText(primary.interval)}), p ${probability(primary.pValue)}` +
    `${definition.contrasts.length > 1 ? `, ${probability(p)} after Holm over ${definition.contrasts.length}` : ''}; ` +
    `${against} seeds down, ${plus} up.${bounds} ` +
    `After one rotation of the same codes, found without labels, ${to.name} scores ${two(back)} (${from.name} ${two(control)}), and its TC(z|x) falls from ${two(to.conditionalTc.mean)} to ${two(to.irremovable.mean)} nats: ` +
    reading(primary, control, back, to.conditionalTc.mean)
  );
}

export const probability = (p: number): string => (p < 0.001 ? '< .001' : p.toPrecision(2).replace(/^0/, ''));

/** Nats of TC(z|x) below which codes are not coupled, and no rotation has anything to give back. */
const COUPLED = 0.01;

/** Which of the two readings the rotation speaks for. */
function reading(
  { difference, means, pValue, adjusted: p = pValue }: Compared,
  control: number,
  back: number,
  coupling: number,
): string {
  if (!(difference < 0 && p < 0.05)) return 'there was no fall to give back.';
  if (!(coupling > COUPLED)) return 'its latents are not coupled, so no rotation had anything to give back.';
  const share = (back - means[1]) / -difference;
  if (share > 0.75)
    return `the rotation gives back ${Math.round(100 * share)} % of the fall, so what is lost is the basis, which only a factorized posterior pins, and not what the codes know.`;
  if (share < 0.25)
    return `the rotation gives back little (${Math.round(100 * share)} %): coupling costs more than a basis.`;
  return `the rotation gives back ${Math.round(100 * share)} % of the fall; ${two(control - back)} stay lost in the best basis.`;
}
