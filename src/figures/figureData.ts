// The figures of a study as data: each a kind, a title, a caption, and rows of plain numbers. Whoever shows a figure draws it from its rows,
// and whoever wants the numbers takes the same rows: they are the figure's table and its CSV.

import { meanOf } from '../math/statistics';
import type { Picture } from '../runs/measures';
import type { ModelRecord } from '../runs/record';
import type { CellFound } from '../studies/analysis';
import type { NumbersOnly, Results } from '../studies/results';
import type { Basis } from '../studies/study';

export type Row = Readonly<Record<string, string | number>>;

export const figureKinds = [
  'scores',
  'differences',
  'factors',
  'dose',
  'coupling',
  'turning',
  'information',
  'learning',
  'curves',
  'pointwise',
  'training',
  'latents',
  'byLatent',
  'replicas',
  'bridge',
  'beside',
  'pointwiseCurve',
  'turn',
  'roofline',
] as const;
export type FigureKind = (typeof figureKinds)[number];

export interface Figure {
  readonly kind: FigureKind;
  readonly title: string;
  readonly caption: string;
  readonly rows: readonly Row[];
}

export interface Sheet {
  readonly title: string;
  readonly caption: string;
  readonly picture: Picture;
}

type CellRecords = readonly { readonly arm: string; readonly seed: number; readonly record: NumbersOnly }[];

/** The finished records of a cell, arms and seeds in order. */
export function recordsOfCell({ entries, records }: Results, cell: string): CellRecords {
  const byName = new Map(records.map((record) => [record.name, record]));
  return entries.flatMap(({ cell: of, arm, seed, job }) => {
    const record = byName.get(job);
    return of === cell && record?.status === 'done' ? [{ arm, seed, record }] : [];
  });
}

const bases = ['own', 'turned'] as const;
const basisName: Readonly<Record<Basis, string>> = { own: 'as trained', turned: 'after one rotation' };
const short = (value: number): number => (Number.isFinite(value) ? Number(value.toPrecision(5)) : Number.NaN);

/** Every figure of a cell that there are numbers for. */
export function figuresOf(results: Results, cell: CellFound): Figure[] {
  const models = recordsOfCell(results, cell.name);
  const all = [
    scores(models),
    differences(cell),
    factors(cell),
    dose(cell, models),
    coupling(cell),
    turning(models),
    information(cell),
    learning(models),
    curves(models, 'reconstruction'),
    curves(models, 'kl'),
    pointwise(cell, models),
  ];
  return all.filter(({ rows }) => rows.length > 0);
}

const scores = (models: CellRecords): Figure => ({
  kind: 'scores',
  title: 'MIG of every model',
  caption:
    'MIG of means; a dot is a model, lines join it before and after the one rotation that least couples its latents given x.',
  rows: models.flatMap(({ arm, seed, record: { measures } }) =>
    bases.flatMap((basis) => {
      const mig = measures.scores?.[basis].values.mig;
      return !Number.isFinite(mig) ? [] : [{ arm, seed, basis: basisName[basis], mig: short(mig as number) }];
    }),
  ),
});

const differences = ({ described, arms: [reference] }: CellFound): Figure => ({
  kind: 'differences',
  title: `MIG less that of ${reference.name}, seed by seed`,
  caption:
    'Mean paired difference with its 95 % interval by the sign-flip test (Student’s t where there are too few seeds), before and after the rotation of both.',
  rows: described
    .filter(({ score }) => score === 'mig')
    .map(({ to, difference, interval, flipInterval }) => {
      const [low, high] = Number.isFinite(flipInterval[0]) ? flipInterval : interval;
      return {
        arm: to.arm,
        basis: basisName[to.basis],
        difference: short(difference),
        low: short(low),
        high: short(high),
      };
    }),
});

const factors = ({ byFactor, arms: [reference] }: CellFound): Figure => ({
  kind: 'factors',
  title: `The gap of each factor less that of ${reference.name}`,
  caption: 'MIG of means is the mean of these: which factors carry the difference, and which do not exclude 0.',
  rows: byFactor.map(({ arm, factor, difference, interval, flipInterval }) => {
    const [low, high] = Number.isFinite(flipInterval[0]) ? flipInterval : interval;
    return { arm, factor, difference: short(difference), low: short(low), high: short(high) };
  }),
});

function dose({ trend }: CellFound, models: CellRecords): Figure {
  const order = trend?.arms ?? [];
  return {
    kind: 'dose',
    title: 'Dose and response',
    caption: `The penalty λ·TC(z|x) drives the full posterior towards a factorized one. Trend of MIG over the doses, dealt anew within seeds: p ${trend === null ? '–' : trend.pValue.toPrecision(2)}.`,
    rows: models.flatMap(({ arm, seed, record: { measures } }) => {
      const mig = measures.scores?.own.values.mig;
      return order.includes(arm) && Number.isFinite(mig)
        ? [{ arm, order: order.indexOf(arm), seed, mig: short(mig as number) }]
        : [];
    }),
  };
}

const coupling = ({ arms }: CellFound): Figure => ({
  kind: 'coupling',
  title: 'Coupling given x: what one rotation removes',
  caption:
    'TC(z|x), nats, mean over seeds: the part that the rotation removes is a matter of basis; the rest is irremovable.',
  rows: arms
    .filter(({ conditionalTc }) => Number.isFinite(conditionalTc.mean))
    .flatMap(({ name, conditionalTc, irremovable }) => [
      { arm: name, part: 'removable', nats: short(conditionalTc.mean - irremovable.mean) },
      { arm: name, part: 'irremovable', nats: short(irremovable.mean) },
    ]),
});

/** Means over seeds, and for random ways over these too, at every point. */
function turning(models: CellRecords): Figure {
  const points = models.flatMap(({ arm, record: { measures } }) =>
    (measures.turning?.ways ?? []).flatMap(({ to, points: way }) => way.map((point) => ({ arm, to, ...point }))),
  );
  const keys = [...new Set(points.map(({ arm, to, t }) => JSON.stringify([arm, to, t])))];
  return {
    kind: 'turning',
    title: 'The turning curve',
    caption:
      'The same codes, turned from the least coupled basis (t = 0) along the shortest way to the model’s own (t = 1, solid) or to random ones (dashed): nothing is retrained, and no information about x moves. Means over models.',
    rows: keys.map((key) => {
      const [arm, to, t] = JSON.parse(key) as [string, string, number];
      const here = points.filter((point) => point.arm === arm && point.to === to && point.t === t);
      const mean = (of: (point: (typeof points)[number]) => number) => short(meanOf(here.map(of)));
      return {
        arm,
        to: to === 'own' ? 'to its own basis' : 'to random bases',
        t,
        mig: mean(({ mig }) => mig),
        conditionalTc: mean(({ conditionalTc }) => conditionalTc),
        information: mean((point) => point.information),
        synergy: mean(({ synergy }) => synergy),
      };
    }),
  };
}

const information = ({ arms }: CellFound): Figure => ({
  kind: 'information',
  title: 'What the latents know of x',
  caption:
    'Nats, mean over seeds: I(z;x) of all latents together, and sums over latents of I, C (given the other latents), R (redundancy) and S (synergy). C − I = S − R.',
  rows: arms.flatMap(({ name, information: found }) =>
    found === null
      ? []
      : Object.entries({ 'I(z;x)': found.joint, 'Σ I': found.I, 'Σ C': found.C, 'Σ R': found.R, 'Σ S': found.S }).map(
          ([quantity, nats]) => ({ arm: name, quantity, nats: short(nats) }),
        ),
  ),
});

const learning = (models: CellRecords): Figure => ({
  kind: 'learning',
  title: 'MIG while training',
  caption: 'MIG of means at every checkpoint; a line is a model.',
  rows: models.flatMap(({ arm, seed, record: { curves: of } }) =>
    (of.mig ?? []).map((mig, i) => ({ arm, seed, step: of['mig.step'][i], mig: short(mig) })),
  ),
});

/** Steps that a point of a curve is the mean of. */
export const BLOCK = 100;

const curves = (models: CellRecords, term: 'reconstruction' | 'kl'): Figure => ({
  kind: 'curves',
  title: `${term === 'kl' ? 'KL' : 'Reconstruction'} while training`,
  caption: 'Nats an example, means of 100 steps; a line is a model.',
  rows: models.flatMap(({ arm, seed, record: { curves: of } }) =>
    (of[term] ?? []).map((nats, i) => ({ arm, seed, step: (i + 1) * BLOCK, nats: short(nats) })),
  ),
});

/** The model of an arm whose MIG is the median. */
function medianOf(models: CellRecords, arm: string): CellRecords[number] | undefined {
  const migOf = ({ record }: CellRecords[number]) => record.measures.scores?.own.values.mig ?? 0;
  const own = models.filter((each) => each.arm === arm).sort((a, b) => migOf(a) - migOf(b));
  return own[Math.floor(own.length / 2)];
}

/** M_i(c) at values c of the others, of the median model of each of the first two arms; two standard errors either way. */
const pointwise = ({ arms }: CellFound, models: CellRecords): Figure => ({
  kind: 'pointwise',
  title: 'M(c): what a latent knows, at values of the others',
  caption:
    'Of the model of each arm whose MIG is the median: a dot is M_i(c) at one value c of the other latents, with two standard errors either way; the line is I_i. Invariant would be: all dots on the line.',
  rows: arms.slice(0, 2).flatMap(({ name }) => {
    const { invariance, information: found } = medianOf(models, name)?.record.measures ?? {};
    return (invariance?.latents ?? []).flatMap(({ index, verdict, pointwise: points }) =>
      points.map(({ nats, standardError }, k) => ({
        arm: name,
        latent: index,
        at: short(index + 0.6 * ((k + 0.5) / points.length - 0.5)),
        nats: short(nats),
        low: short(nats - 2 * standardError),
        high: short(nats + 2 * standardError),
        information: short(found?.information[index] ?? Number.NaN),
        verdict,
      })),
    );
  }),
});

/** Traversals of the model of each of the first two arms whose MIG is the median, as trained and along the axes of the rotation. */
export function sheetsOf(results: Results, cell: CellFound, records: ReadonlyMap<string, ModelRecord>): Sheet[] {
  const models = recordsOfCell(results, cell.name);
  return cell.arms.slice(0, 2).flatMap(({ name }) => {
    const middle = medianOf(models, name);
    const traversals = middle === undefined ? undefined : records.get(middle.record.name)?.measures.traversals;
    if (middle === undefined || !traversals) return [];
    return bases.map((basis) => ({
      title: `${name}, seed ${middle.seed}, ${basisName[basis]}`,
      caption: `Each row moves one ${basis === 'own' ? 'latent' : 'axis of the rotated codes'} from −2 to 2.`,
      picture: traversals[basis],
    }));
  });
}
