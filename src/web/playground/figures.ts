// The playground's own figures: what is live, or of single models. Those of both arms together are a study's (figures/figureData).

import { BLOCK, type Figure, type Row } from '../../figures/figureData';
import type { ModelRecord } from '../../runs/record';
import type { View } from '../lab/protocol';
import type { ArmNow } from './session';
import { armNames, type Looks, type Side, type State, sides } from './state';

const short = (value: number): number => Number(value.toPrecision(5));

/** What the terms of an objective are called. */
export const termTitles: Readonly<Record<string, string>> = {
  reconstruction: 'Reconstruction, −ln p(x|z)',
  kl: 'KL from the prior',
  conditionalTc: 'TC(z|x), coupling given x',
};

/** A term of both arms: what trains now, bold, and the seeds that are finished. */
export function trainingFigure(state: State, arms: Readonly<Record<Side, ArmNow>>, term: string): Figure {
  const names = armNames(state);
  return {
    kind: 'training',
    title: termTitles[term] ?? term,
    caption: 'Nats an example. The bold line is the seed that trains now; pale lines are seeds that are finished.',
    rows: sides.flatMap((side) => {
      const { points, records, seed } = arms[side];
      const finished = [...records].flatMap(([of, { curves }]) =>
        (curves[term] ?? []).map((nats, i) => ({
          arm: names[side],
          seed: of,
          step: (i + 1) * BLOCK,
          nats: short(nats),
          now: 0,
        })),
      );
      const now = records.has(seed ?? -1)
        ? []
        : points.flatMap(({ step, terms }) =>
            terms[term] === undefined
              ? []
              : [{ arm: names[side], seed: seed ?? 0, step, nats: short(terms[term]), now: 1 }],
          );
      return [...finished, ...now];
    }),
  };
}

/** Examples whose ellipses are drawn: more would hide each other. */
const RINGS = 14;

export function latentsFigure(name: string, view: View, { x, y, colour }: Looks): Figure {
  const { latents, rows, means, covariances, factors, factorNames, turned } = view;
  const factor = Math.min(colour, factors.length - 1);
  const axis = (i: number) => `${turned ? 'axis' : 'latent'} ${i + 1}`;
  const every = Math.max(1, Math.floor(rows / RINGS));
  return {
    kind: 'latents',
    title: `Posteriors of ${name}`,
    caption: `A dot is the mean of q(z|x) of one example, coloured by ${factorNames[factor] ?? 'nothing'}; ellipses hold one and two standard deviations. A tilted ellipse is a posterior that couples these two latents.`,
    rows: Array.from({ length: rows }, (_, row): Row => {
      const entry = (i: number, j: number) => covariances[(row * latents + i) * latents + j];
      const [sdX, sdY] = [Math.sqrt(entry(x, x)), Math.sqrt(entry(y, y))];
      return {
        example: row,
        value: factors[factor]?.[row] ?? 0,
        x: short(means[row * latents + x]),
        y: short(means[row * latents + y]),
        sdX: short(sdX),
        sdY: short(sdY),
        correlation: x === y ? 1 : short(entry(x, y) / (sdX * sdY)),
        ring: Number(row % every === 0),
        axisX: axis(x),
        axisY: axis(y),
      };
    }),
  };
}

/** I, C, R, S and the gap of every latent of one seed's models, with two standard errors either way where they are estimates. */
export function byLatentFigure(state: State, arms: Readonly<Record<Side, ArmNow>>, seed: number): Figure {
  const names = armNames(state);
  const estimated = (value: number, standardError: number) => ({
    nats: short(value),
    low: short(value - 2 * standardError),
    high: short(value + 2 * standardError),
  });
  return {
    kind: 'byLatent',
    title: `What each latent knows of x: seed ${seed}`,
    caption:
      'I: about x by itself. C: about x when the other latents are known. R: what the others say already. S: what only shows given x. Δ = C − I = S − R is the gap that invariance forbids. Bars are latents in order, lines two standard errors either way.',
    rows: sides.flatMap((side) => {
      const found = arms[side].records.get(seed)?.measures.information;
      if (!found) return [];
      const { information, conditionalInformation, redundancy, synergy, gap } = found;
      return information.flatMap((I, i) => {
        const bars = {
          I: estimated(I, 0),
          C: estimated(conditionalInformation[i].value, conditionalInformation[i].standardError),
          R: estimated(redundancy[i].value, redundancy[i].standardError),
          S: estimated(synergy[i], 0),
          Δ: estimated(gap[i], conditionalInformation[i].standardError),
        };
        return Object.entries(bars).map(([quantity, values]) => ({
          arm: names[side],
          latent: i + 1,
          at: `${side} ${i + 1}`,
          quantity,
          ...values,
        }));
      });
    }),
  };
}

/** MIG of every model, what chance gives, and the most that can be attained. */
export function replicasFigure(state: State, arms: Readonly<Record<Side, ArmNow>>): Figure {
  const names = armNames(state);
  return {
    kind: 'replicas',
    title: 'MIG of every model, with chance and ceiling',
    caption:
      'A dot is a model (one seed); the dashed tick is what the same codes score by chance, the thick tick what the true factors score.',
    rows: sides.flatMap((side) =>
      [...arms[side].records].flatMap(([seed, { measures }]: [number, ModelRecord]): Row[] => {
        const mig = measures.scores?.own.values.mig;
        if (mig === undefined || !measures.honesty) return [];
        const { chance, ceiling } = measures.honesty;
        return [
          {
            arm: names[side],
            seed,
            mig: short(mig),
            chance: short(chance),
            ceiling: short(ceiling),
          },
        ];
      }),
    ),
  };
}
