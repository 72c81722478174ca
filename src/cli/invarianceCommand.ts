// `unweave invariance`: what every latent of any encoder knows, and whether that depends on the other latents, from arrays
// of means and log-variances or Cholesky factors. With --calibrate, the proof that its test can be believed.

import { type NumberArray, packGaussians } from '../data';
import { calibrateNull, calibratePower, Draw, generators, type NullResult, type PowerResult } from '../metrics';
import type { InvarianceReport } from '../studies/invariance';
import { loadArray } from './arrays';
import { usageError, wholeNumber } from './errors';
import type { GpuMode } from './launch';
import { formatTable, Progress } from './output';
import type { Exposed } from './page';
import { withSession } from './session';

export interface InvarianceArguments {
  readonly means: string | undefined;
  readonly logvar: string | undefined;
  readonly cholesky: string | undefined;
  readonly latents: string | undefined;
  readonly margin: string;
  readonly seed: string;
  readonly json: boolean;
  readonly calibrate: boolean;
  readonly gpu: GpuMode;
  readonly browser: string | undefined;
}

export async function invarianceCommand(args: InvarianceArguments): Promise<void> {
  const seed = wholeNumber('--seed', args.seed);
  if (args.calibrate) {
    calibrate(seed, args.json);
    return;
  }
  const margin = Number(args.margin);
  if (!(margin > 0)) throw usageError(`--margin is "${args.margin}".`, 'It takes nats above 0, such as 0.05.');
  if (args.means === undefined) throw usageError('invariance needs --means mu.npy.', 'See unweave --help.');
  if ((args.logvar === undefined) === (args.cholesky === undefined)) {
    throw usageError(
      'invariance needs one of --logvar and --cholesky.',
      "The posterior is N(means, exp(logvar)) or N(means, L L').",
    );
  }
  const means = await loadArray(args.means);
  const scales = await loadArray(args.logvar ?? args.cholesky ?? '');
  const packed = packGaussians(named(means, args.means), named(scales, args.logvar ?? args.cholesky ?? ''));
  const latents = args.latents === undefined ? undefined : latentList(args.latents, packed.latents);
  const progress = new Progress();
  const report = await withSession(
    { browser: args.browser, gpu: args.gpu, onProgress: (stage, share) => progress.update(stage, share) },
    ({ page }) =>
      page.evaluate(
        (rows, sizes, options) => (globalThis as unknown as Exposed).unweave.invariance(rows, sizes, options),
        Array.from(packed.rows),
        { latents: packed.latents, width: packed.width },
        { latents, margin, seed },
      ),
  );
  progress.end();
  if (args.json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, ...report }, null, 1)}\n`);
  else process.stdout.write(`${describe(report, margin)}\n`);
}

const named = ({ shape, data }: NumberArray, name: string) => ({ shape, data, name });

function latentList(text: string, count: number): number[] {
  return text.split(',').map((part) => {
    const latent = Number(part);
    if (!Number.isInteger(latent) || latent < 0 || latent >= count) {
      throw usageError(`--latents: there is no latent "${part}".`, `There are ${count}, 0 to ${count - 1}.`);
    }
    return latent;
  });
}

const pair = ({ value, standardError }: { value: number; standardError: number }): string =>
  standardError > 0 ? `${value.toFixed(3)} (${standardError.toFixed(3)})` : value.toFixed(3);

function describe(report: InvarianceReport, margin: number): string {
  const head = ['latent', 'I', 'C', 'R', 'S', 'C - I', 'bridge', 'tau', '95 %', 'p (Holm)', 'verdict'];
  const rows = report.latents.map((each) => [
    String(each.index),
    pair(each.information),
    pair(each.conditionalInformation),
    pair(each.redundancy),
    pair(each.synergy),
    pair(each.gap),
    pair(each.bridgeResidual),
    each.tau.value === null ? '-' : each.tau.value.toFixed(3),
    each.tau.interval === null ? '-' : each.tau.interval.map((end) => end.toFixed(3)).join(' ... '),
    each.pValue.toPrecision(2),
    each.verdict,
  ]);
  const reasons = report.latents.flatMap(({ index, reason }) =>
    reason === undefined ? [] : [`latent ${index}: ${reason}`],
  );
  return [
    formatTable([head, ...rows]),
    '',
    `All latents together: I(z; x) ${pair(report.jointInformation)}, TC(z) ${pair(report.totalCorrelation)}, TC(z given x) ${pair(report.conditionalTotalCorrelation)} nats.`,
    `The joint is the encoder's: examples uniformly, z ~ q(z|x). tau: how much M(c) = I(z_i; x | other latents = c) varies over c;`,
    `"invariant" only where tau's upper bound is below the margin of ${margin} nats. In brackets, standard errors.`,
    ...reasons,
  ].join('\n');
}

/** 2,000 null runs of each generator, and 1,000 for each point of the power curve. */
function calibrate(seed: number, json: boolean): void {
  const settings = { runs: 2000, strata: 8, samples: 128 };
  const nulls = generators.map((generator, g) => calibrateNull(generator, settings, new Draw(seed, 100 + g)));
  const powers = [0, 0.03, 0.05, 0.1, 0.15, 0.2].map((tau, t) =>
    calibratePower(tau, { ...settings, runs: 1000 }, new Draw(seed, 200 + t)),
  );
  if (json) process.stdout.write(`${JSON.stringify({ schemaVersion: 1, settings, nulls, powers }, null, 1)}\n`);
  else process.stdout.write(`${calibrationTable(nulls, powers)}\n`);
}

function calibrationTable(nulls: readonly NullResult[], powers: readonly PowerResult[]): string {
  const cell = ({ rate, band }: NullResult['rejections'][number]): string =>
    `${rate.toFixed(4)}${rate < band[0] || rate > band[1] ? ' !' : ''}`;
  const [first] = nulls;
  const bands = first.rejections.map(({ band }) => band.map((end) => end.toFixed(4)).join(' ... '));
  return [
    `Rejections of ${first.runs} runs in which the information is exactly the same in every stratum:`,
    formatTable([
      ['generator', ...first.rejections.map(({ level }) => `at ${level}`), 'uniform (KS p)'],
      ...nulls.map(({ generator, rejections, uniformPValue }) => [
        generator,
        ...rejections.map(cell),
        uniformPValue.toFixed(3),
      ]),
      ['99 % band', ...bands, ''],
    ]),
    '',
    'Power at .05, and how often the 95 % interval holds the true tau:',
    formatTable([
      ['tau', 'rejects', 'noncentral F', 'coverage'],
      ...powers.map(({ tau, rate, predicted, coverage }) => [
        tau.toFixed(2),
        rate.toFixed(3),
        predicted.toFixed(3),
        coverage.toFixed(3),
      ]),
    ]),
  ].join('\n');
}
