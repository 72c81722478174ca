// report.html: one self-contained page, no network. The finding in one sentence, then what stands behind it. It carries its data and
// draws its figures when it is opened (drawReport.ts); without scripts the tables are there all the same.

import { sumOf } from '../math/statistics';
import { finding } from './finding';
import { fixed } from './format';
import type { ArmResult, StudyResults, Traversals } from './results';

const CSS = `
:root { color-scheme: light; }
body { font: 16px/1.55 system-ui, sans-serif; color: #1c1f26; background: #fbfaf7; margin: 0 auto; max-width: 980px; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.15rem; font-weight: 600; letter-spacing: .02em; color: #5b6170; margin: 0; }
.finding { font-size: 1.7rem; line-height: 1.3; margin: .4rem 0 1.2rem; text-wrap: balance; }
h2 { font-size: 1.15rem; margin: 2.4rem 0 .4rem; }
p { max-width: 46rem; margin: .4rem 0 .8rem; }
.note { color: #5b6170; font-size: .92rem; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .9rem; }
th, td { padding: .25rem .7rem; text-align: right; border-bottom: 1px solid #e3e0d8; }
th:first-child, td:first-child { text-align: left; }
.row { display: flex; flex-wrap: wrap; gap: 1.2rem; align-items: flex-start; }
figure { margin: .4rem 0; } .row figure { max-width: 460px; } figcaption { font-size: .88rem; color: #5b6170; }
canvas { image-rendering: pixelated; width: 432px; max-width: 100%; border: 1px solid #e3e0d8; }
svg { max-width: 100%; height: auto; }
code { font-size: .9em; }`;

/** What the page's script finds: see drawReport.ts. */
export interface ReportData {
  readonly results: StudyResults;
  readonly traversals: readonly Traversals[];
}

/** `script` draws what has an attribute `data-figure`; it is built from drawReport.ts. */
export function report({ results, traversals }: ReportData, script: string): string {
  const { config, adapter } = results;
  const sheets = traversals.map(
    ({ arm, seed }, i) => `<figure><div data-figure="traversals" data-index="${i}"></div>
<figcaption>${escapeHtml(arm)}, seed ${seed} (median MIG): each row moves one latent from −2 to 2.</figcaption></figure>`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Unweave: ${escapeHtml(results.study)} (${escapeHtml(results.preset)})</title><style>${CSS}</style></head><body>
<h1>Unweave · study ${escapeHtml(results.study)}, preset ${escapeHtml(results.preset)}</h1>
<p class="finding">${escapeHtml(finding(results))}</p>
<p>Two populations of ${config.seeds.length} models learn the same images with the same seeds, the same parameters and the same
noise. In one, the encoder's posterior q(z|x) is a free Gaussian; in the other, the entries below the diagonal of its Cholesky
factor are held at 0, which makes the latents independent given the image.</p>
<h2>MIG of every seed</h2>
<figure><div data-figure="mig"></div><figcaption>A dot is a model, with its seed; lines join the same seed; bars are means.
Chance is near 0; on this data set a perfect code reaches about .95 in 20 bins.</figcaption></figure>
<h2>What each latent knows</h2>
<figure><div data-figure="information"></div><figcaption>I: information about the image. C: the same, given the other latents.
R: redundancy with the others. S: synergy. C − I = S − R. Latents of each model in order of decreasing I. Bars are means over seeds, dots are models.</figcaption></figure>
<h2>Training</h2>
<div class="row"><figure><div data-figure="reconstruction"></div></figure><figure><div data-figure="kl"></div></figure></div>
<h2>Traversals</h2>
<div class="row">${sheets.join('\n')}</div>
<h2>All models</h2>
${results.arms.map(table).join('\n')}
<p class="note">Bridge: largest residual of the identity C − I = S − R over the latents, against its standard error. C is taken by
quadrature here, R by Monte Carlo over all components and S in closed form, so densities that are wrong leave a residual.
KSG: largest I(z_i; mean_i(x)) over latents by nearest neighbours (KSG1, k = ${config.ksgNeighbours}), which knows nothing of the
model and bounds I_i from below.</p>
<h2>How it was run</h2>
<p class="note">${config.latents} latents, hidden layers ${config.hidden.join('-')}, β = ${config.beta}, batch ${config.batch},
${config.steps} steps, Adam ${config.learningRate}; seeds ${config.seeds.join(', ')}. MIG: ${config.migSamples} samples with replacement,
20 equal-width bins, means as codes. Interval: Welch; p: exact permutation test. Adapter: ${escapeHtml(adapter.vendor)}
${escapeHtml(adapter.architecture)} ${escapeHtml(adapter.description)}${adapter.software ? ' (software)' : ''}; ${results.seconds.toFixed(0)} s.
Versions: ${escapeHtml(
    Object.entries(results.versions)
      .map(([name, version]) => `${name} ${version}`)
      .join(', '),
  )}.
The original paper's numbers are not known; only the direction is compared.</p>
<noscript><p class="note">The figures are drawn by a script, which is switched off here; every number is in the tables.</p></noscript>
<script type="application/json" id="data">${inScript(JSON.stringify({ results, traversals: rounded(traversals) }))}</script>
<script type="module">${inScript(script)}</script>
</body></html>
`;
}

/** Text that ends no script before its time. */
const inScript = (text: string): string => text.replace(/<(?=\/script|!--)/gi, '\\u003c');

/** Images with the digits that 8 bits of grey have. */
const rounded = (traversals: readonly Traversals[]) =>
  traversals.map(({ images, ...rest }) => ({
    ...rest,
    images: images.map((row) => row.map((pixels) => pixels.map((value) => Number(value.toFixed(3))))),
  }));

function table({ name, replicas }: ArmResult): string {
  const cells = replicas.map((replica) => [
    String(replica.seed),
    replica.mig.toFixed(3),
    replica.reconstruction.toFixed(2),
    replica.kl.toFixed(2),
    fixed(replica.conditionalTc),
    sumOf(replica.information).toFixed(2),
    sumOf(replica.conditionalInformation).toFixed(2),
    fixed(sumOf(replica.redundancy)),
    fixed(sumOf(replica.synergy)),
    `${replica.bridgeResidual.toFixed(3)} ± ${replica.bridgeStandardError.toFixed(3)}`,
    Math.max(...replica.ksg.meanInformation).toFixed(2),
  ]);
  const head = ['seed', 'MIG', 'reconstruction', 'KL', 'TC(z|x)', 'ΣI', 'ΣC', 'ΣR', 'ΣS', 'bridge', 'KSG'];
  const row = (tag: string, values: readonly string[]) =>
    `<tr>${values.map((value) => `<${tag}>${value}</${tag}>`).join('')}</tr>`;
  return `<h3>${escapeHtml(name)}</h3><table>${row('th', head)}${cells.map((values) => row('td', values)).join('')}</table>`;
}

const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);
