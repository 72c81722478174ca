// report.html: one file that asks the network for nothing. The finding first, then what stands behind it, cell by cell. It carries its data and draws
// its figures when it is opened (drawReport.ts); without scripts the tables are there all the same.

import { sumOf } from '../math/statistics';
import type { ModelRecord } from '../runs/record';
import { type CellFound, type Compared, scoreOf } from '../studies/analysis';
import { intervalText, probability } from '../studies/finding';
import { fixed } from '../studies/format';
import type { Paired } from '../studies/paired';
import type { Results } from '../studies/results';
import { type Figure, figuresOf, recordsOfCell, type Sheet, sheetsOf } from './figureData';
import { CSS, escapeHtml, inScript, table } from './html';

/** What a report says, as HTML with places for its figures and sheets, which are drawn from their rows (drawFigures.ts). */
export interface ReportBody {
  readonly html: string;
  readonly figures: readonly Figure[];
  readonly sheets: readonly Sheet[];
}

/** Of one study, or of several side by side. */
export function reportBody(all: readonly Results[], records: ReadonlyMap<string, ModelRecord>): ReportBody {
  const figures: Figure[] = [];
  const sheets: Sheet[] = [];
  const html = all.map((results) => studyHtml(results, records, figures, sheets)).join('\n');
  return { html, figures, sheets };
}

/** The file. `script` is built from drawReport.ts. */
export function reportOf(all: readonly Results[], records: ReadonlyMap<string, ModelRecord>, script: string): string {
  const { html: body, figures, sheets } = reportBody(all, records);
  const title = all.map(({ study, preset }) => `${study} (${preset})`).join(', ');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Unweave: ${escapeHtml(title)}</title><style>${CSS}</style></head><body><main>
${body}
<noscript><p class="note">The figures are drawn by a script, which is switched off here; every number is in the tables.</p></noscript>
<script type="application/json" id="data">${inScript(JSON.stringify({ figures, sheets }))}</script>
<script type="module">${inScript(script)}</script>
</main></body></html>
`;
}

function studyHtml(
  results: Results,
  records: ReadonlyMap<string, ModelRecord>,
  figures: Figure[],
  sheets: Sheet[],
): string {
  const { study, preset, finding, definition, analysis, versions } = results;
  const adapters = [...new Set(results.records.map(({ adapter }) => adapter))];
  const cells = analysis.cells.map((cell) => {
    const drawn = figuresOf(results, cell).map((figure) => {
      figures.push(figure);
      return `<figure><h3>${escapeHtml(figure.title)}</h3><div data-figure="${figures.length - 1}"></div><figcaption>${escapeHtml(figure.caption)}</figcaption></figure>`;
    });
    const pictures = sheetsOf(results, cell, records).map((sheet) => {
      sheets.push(sheet);
      return `<figure><div data-sheet="${sheets.length - 1}"></div><figcaption>${escapeHtml(`${sheet.title}. ${sheet.caption}`)}</figcaption></figure>`;
    });
    return `<h2>${escapeHtml(cell.name)}</h2><p>${escapeHtml(cell.about)}. Factors: ${escapeHtml(cell.factors.join(', ') || 'none')}.</p>
${armsTable(cell)}${lossesTable(cell)}${violationTable(cell)}${predictionsTable(cell)}
${drawn.join('\n')}
${pictures.length === 0 ? '' : `<h3>Traversals</h3><div class="sheets">${pictures.join('')}</div>`}
<details><summary>Every score, every factor, every model</summary>${describedTable(cell)}${factorsTable(cell)}${modelsTable(results, cell)}</details>`;
  });
  return `<h1>Unweave · study ${escapeHtml(study)}, preset ${escapeHtml(preset)}</h1>
<p class="finding">${escapeHtml(finding)}</p>
<p>${escapeHtml(definition.question)} ${escapeHtml(definition.about)}. Models of one seed share their data, batches, noise and, as far as they have them in common, initial values, so arms are compared seed by seed.</p>
${contrastsTable(analysis.contrasts)}
${cells.join('\n')}
<h2>How it was run</h2><p class="note">Seeds ${escapeHtml(definition.seeds.join(', '))}. Base setting: ${escapeHtml(
    Object.entries(definition.base)
      .map(([key, value]) => `${key} ${value}`)
      .join(', '),
  )}. MIG: 10,000 rows, with replacement where all examples are looked at, 20 equal-width bins. Rotation: Q = argmin E TC(Q′z|x) by Jacobi sweeps, no labels. Computed on ${escapeHtml(adapters.join(' and on '))}; ${escapeHtml(
    Object.entries(versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  )}. The original paper’s numbers are not known; only the direction is compared.</p>`;
}

const sided = ({ arm, basis }: Compared['to']): string => (basis === 'own' ? arm : `${arm}, rotated`);

/** What a paired comparison is told by, and its cells. */
const PAIRED = ['difference', '95 % (flips)', '95 % (t)', 'p', 'down/up'];
const pairedCells = ({ difference, flipInterval, interval, pValue, signs }: Paired): string[] => [
  fixed(difference),
  intervalText(flipInterval),
  intervalText(interval),
  probability(pValue),
  signs.join('/'),
];

const contrastsTable = (contrasts: readonly Compared[]): string =>
  table(
    'Declared contrasts: paired differences; p by the sign-flip test, adjusted by Holm',
    ['contrast', 'cell', 'score', 'difference', '95 % (flips)', '95 % (t)', 'p', 'Holm', 'down/up'],
    contrasts.map((each) => [
      `${sided(each.to)} − ${sided(each.from)}`,
      each.cell,
      each.score,
      fixed(each.difference),
      intervalText(each.flipInterval),
      intervalText(each.interval),
      probability(each.pValue),
      probability(each.adjusted ?? 1),
      each.signs.join('/'),
    ]),
  );

const armsTable = ({ arms, equality }: CellFound): string =>
  table(
    'Arms, means over seeds; nats; rotated: after the one rotation of the same codes',
    [
      'arm',
      'seeds',
      'MIG',
      'rotated',
      'samples',
      'rotated',
      'Chen',
      'DCI lasso',
      'FactorVAE',
      'live',
      'TC(z|x)',
      'irremovable',
      'I(z;x)',
      'Σ I',
      'Σ C',
      'Σ R',
      'Σ S',
      'reconstruction',
      'KL',
      'bound',
      'bounds equal, p',
    ],
    arms.map((arm) => {
      const { own, turned } = arm.scores;
      const { joint, I, C, R, S } = arm.information ?? {};
      const equal = equality.find((each) => each.arm === arm.name);
      return [
        arm.name,
        `${arm.seeds.length}${arm.diverged.length > 0 ? ` (${arm.diverged.length} diverged)` : ''}`,
        fixed(own.mig.mean),
        fixed(turned.mig.mean),
        fixed(own.migSamples.mean),
        fixed(turned.migSamples.mean),
        fixed(own.migChen.mean),
        fixed(own.dciLassoDisentanglement.mean),
        fixed(own.factorVae.mean),
        fixed(arm.live, 1),
        fixed(arm.conditionalTc.mean),
        fixed(arm.irremovable.mean),
        ...[joint, I, C, R, S].map((value) => (value === undefined ? '–' : fixed(value, 2))),
        fixed(arm.reconstruction.mean, 2),
        fixed(arm.kl.mean, 2),
        fixed(arm.bound.mean, 2),
        equal === undefined ? '–' : probability(equal.pValue),
      ];
    }),
  );

const lossesTable = ({ losses }: CellFound): string =>
  losses.length === 0
    ? ''
    : table(
        'Reconstruction and KL, nats: paired difference from the first arm',
        ['arm', 'term', ...PAIRED],
        losses.map((each) => [each.arm, each.term, ...pairedCells(each)]),
      );

const violationTable = ({ arms }: CellFound): string => {
  const rows = arms.flatMap(({ name, violation: found }) => {
    if (found === null) return [];
    const { invariant, violated, latents, gap, redundancy, synergy, residual, tau } = found;
    return [
      [
        name,
        fixed(gap, 2),
        fixed(synergy - redundancy, 2),
        fixed(-redundancy, 2),
        fixed(synergy, 2),
        fixed(residual, 1),
        `${invariant} / ${violated} / ${latents - invariant - violated}`,
        fixed(tau),
      ],
    ];
  });
  return rows.length === 0
    ? ''
    : table(
        'Invariance: the gap Σ(C − I) beside what theory makes of it, nats, and the test of M(c) latent by latent',
        ['arm', 'gap', 'S − R', '−R', 'S', 'residual, s.e.', 'invariant / not / open', 'mean τ'],
        rows,
      );
};

const predictionsTable = ({ predictions }: CellFound): string =>
  table(
    'Predictions and outcomes: MIG of means beside the first arm, by 95 % intervals that are not adjusted; the same is within .1',
    ['arm', 'predicted', 'found', 'as predicted', 'because'],
    predictions.map(({ arm, prediction, outcome, agrees, because }) => [
      arm,
      prediction === 'free' ? 'nothing' : prediction,
      outcome,
      agrees === null ? (prediction === 'free' ? '–' : 'open') : agrees ? 'yes' : 'no',
      because,
    ]),
  );

const describedTable = ({ described }: CellFound): string =>
  table(
    'Every score: paired difference from the first arm in the same basis',
    ['arm', 'basis', 'score', ...PAIRED],
    described.map((each) => [
      each.to.arm,
      each.to.basis === 'own' ? 'as trained' : 'rotated',
      each.score,
      ...pairedCells(each),
    ]),
  );

const factorsTable = ({ byFactor }: CellFound): string =>
  table(
    'The gap of every factor: paired difference from the first arm, as trained',
    ['arm', 'factor', ...PAIRED],
    byFactor.map((each) => [each.arm, each.factor, ...pairedCells(each)]),
  );

const modelsTable = (results: Results, cell: CellFound): string =>
  table(
    'All models',
    [
      'arm',
      'seed',
      'job',
      'MIG',
      'rotated',
      'TC(z|x)',
      'irremovable',
      'I(z;x)',
      'Σ I',
      'bridge',
      'reconstruction',
      'KL',
    ],
    recordsOfCell(results, cell.name).map(({ arm, seed, record }) => {
      const { rotation, information, losses } = record.measures;
      const found = { cell: cell.name, arm, seed, record: record as ModelRecord };
      return [
        arm,
        String(seed),
        record.name,
        fixed(scoreOf(found, 'own', 'mig')),
        fixed(scoreOf(found, 'turned', 'mig')),
        fixed(rotation?.conditionalTc ?? Number.NaN),
        fixed(rotation?.irremovable ?? Number.NaN),
        information ? fixed(information.jointInformation.value, 2) : '–',
        information?.information.every(Number.isFinite) ? fixed(sumOf(information.information), 2) : '–',
        information ? `${fixed(information.bridge.value)} ± ${fixed(information.bridge.standardError)}` : '–',
        fixed(losses?.reconstruction ?? Number.NaN, 2),
        fixed(losses?.kl ?? Number.NaN, 2),
      ];
    }),
  );
