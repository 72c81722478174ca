// `unweave invariance`: what every latent of any encoder knows, and whether that depends on the other latents, from arrays
// of means and log-variances or Cholesky factors. With --calibrate, the proof that its test can be believed.

import { chooseExamples, type NumberArray, packGaussians, rescaled } from '../../data';
import { InputError } from '../../engine';
import {
  calibrateEquivalence,
  calibrateNull,
  calibratePower,
  Draw,
  type EquivalenceResult,
  generators,
  type NullResult,
  type PowerResult,
  sourceNames,
} from '../../metrics';
import type { InvarianceReport } from '../../studies/invarianceReport';
import { loadArray } from '../arrays';
import { seedOf, usageError } from '../errors';
import { type HostOptions, withHost } from '../hosts';
import { leaveSignals } from '../interruption';
import { formatTable, Progress } from '../output';
import { progressOnly } from '../work/channel';
import { json as asJson, defineCommand, seed as ofRandom, where as placed, whereOf } from './command';

export interface InvarianceArguments {
  readonly means: string | undefined;
  readonly logvar: string | undefined;
  readonly cholesky: string | undefined;
  readonly latents: string | undefined;
  readonly margin: string;
  readonly seed: string;
  readonly json: boolean;
  readonly calibrate: boolean;
  readonly where: HostOptions;
}

export async function invarianceCommand(args: InvarianceArguments): Promise<void> {
  const seed = seedOf('--seed', args.seed);
  if (args.calibrate) {
    leaveSignals();
    calibrate(seed, args.json);
    return;
  }
  const margin = Number(args.margin);
  if (!(margin > 0 && margin < Number.POSITIVE_INFINITY))
    throw usageError(`--margin is "${args.margin}".`, 'It takes nats above 0, such as 0.05.');
  if (args.means === undefined) throw usageError('invariance needs --means mu.npy.', 'See unweave invariance --help.');
  if ((args.logvar === undefined) === (args.cholesky === undefined)) {
    throw usageError(
      'invariance needs one of --logvar and --cholesky.',
      "The posterior is N(means, exp(logvar)) or N(means, L L').",
    );
  }
  const means = await loadArray(args.means);
  const scales = await loadArray(args.logvar ?? args.cholesky ?? '');
  const given = packGaussians(named(means, args.means), named(scales, args.logvar ?? args.cholesky ?? ''));
  const latents = args.latents === undefined ? undefined : latentList(args.latents, given.latents);
  const examples = given.rows.length / given.width;
  const most = given.latents > MANY_LATENTS ? MOST_EXAMPLES / 4 : MOST_EXAMPLES;
  const chosen = examples > most ? new Draw(seed, SUBSAMPLE).permutation(examples).slice(0, most).sort() : undefined;
  const packed = rescaled(chosen === undefined ? given : chooseExamples(given, chosen));
  const progress = new Progress();
  const report = await withHost(args.where, (host) => {
    process.stderr.write(`Runs on: ${host.says}\n`);
    const sizes = { latents: packed.latents, width: packed.width };
    return host.run(
      'invariance',
      { rows: Array.from(packed.rows), sizes, options: { latents, margin, seed } },
      progressOnly((stage, share) => progress.update(stage, share)),
    );
  });
  progress.end();
  checkReport(report);
  const used = { examples: chosen?.length ?? examples, of: examples };
  if (args.json)
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, margin, seed, ...used, ...report }, null, 1)}\n`);
  else process.stdout.write(`${describe(report, margin, used)}\n`);
}

/** More examples than this are sampled, since the time grows with their square; of many latents fewer. */
const MOST_EXAMPLES = 4096;
const MANY_LATENTS = 12;
const SUBSAMPLE = 4000;

/** Throws InputError where a number of the information came back as none: JSON has no NaN. */
function checkReport({ latents, totalCorrelation, jointInformation }: InvarianceReport): void {
  const isNumber = ({ value }: { readonly value: number | null }): boolean => value !== null && Number.isFinite(value);
  const broken = latents.find((each) =>
    [each.information, each.conditionalInformation, each.redundancy, each.synergy, each.bridgeResidual].some(
      (term) => !isNumber(term),
    ),
  );
  if (broken === undefined && isNumber(totalCorrelation) && isNumber(jointInformation)) return;
  throw new InputError(
    `${broken === undefined ? 'the latents together' : `latent ${broken.index}`}: posteriors so narrow, beside the spread of the means, are beyond single precision; leave such latents out.`,
  );
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

function describe(report: InvarianceReport, margin: number, used: { examples: number; of: number }): string {
  const head = ['latent', 'I', 'C', 'R', 'S', 'C - I', 'bridge', 'tau', '95 %', 'p (Holm)', 'values', 'verdict'];
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
    `${each.scope.strata}/${each.scope.drawn}`,
    each.verdict,
  ]);
  const reasons = report.latents.flatMap(({ index, reason }) =>
    reason === undefined ? [] : [`latent ${index}: ${reason}`],
  );
  return [
    formatTable([head, ...rows]),
    '',
    `All latents together: I(z; x) ${pair(report.jointInformation)}, TC(z) ${pair(report.totalCorrelation)}, TC(z given x) ${pair(report.conditionalTotalCorrelation)} nats.`,
    ...(used.examples < used.of ? [`Of ${used.of} examples, ${used.examples} drawn at random were used.`] : []),
    `The joint is the encoder's: examples uniformly, z ~ q(z|x). tau: how much M(c) = I(z_i; x | other latents = c) varies over c in`,
    `the population that the examples are a sample of; "invariant" only where its upper bound is below the margin of ${margin} nats.`,
    `Values: at how many of the c drawn enough examples stand; elsewhere M(c) is taken to be up to 1.25 times as far off as anywhere`,
    `among them, and where fewer than half remain nothing is claimed. In brackets, standard errors.`,
    ...reasons,
  ].join('\n');
}

/** 2,000 null runs of each generator, 1,000 for each point of the power curve, 200 of each encoder. */
function calibrate(seed: number, json: boolean): void {
  const progress = new Progress();
  progress.update('rejections', 0);
  const settings = { runs: 2000, strata: 8, samples: 128 };
  const nulls = generators.map((generator, g) => calibrateNull(generator, settings, new Draw(seed, 100 + g)));
  const powers = [0, 0.03, 0.05, 0.1, 0.15, 0.2].map((tau, t) =>
    calibratePower(tau, { ...settings, runs: 1000 }, new Draw(seed, 200 + t)),
  );
  const cases = sourceNames.flatMap((source) => [1.1 * MARGIN, 1.4 * MARGIN, 0].map((tau) => ({ source, tau })));
  const equivalences = cases.map(({ source, tau }, at) => {
    progress.update('equivalence', (at + 1) / (cases.length + 1));
    return calibrateEquivalence(source, tau, { runs: 200, margin: MARGIN }, new Draw(seed, 300 + at));
  });
  progress.end();
  if (json)
    process.stdout.write(`${JSON.stringify({ schemaVersion: 1, settings, nulls, powers, equivalences }, null, 1)}\n`);
  else process.stdout.write(`${calibrationTable(nulls, powers)}\n\n${equivalenceTable(equivalences)}\n`);
}

/** The margin of the equivalence side, nats: the default. */
const MARGIN = 0.05;

function equivalenceTable(results: readonly EquivalenceResult[]): string {
  const [{ runs, most }] = results;
  return [
    `Encoders whose tau is known exactly, margin ${MARGIN}, ${runs} runs each. Called invariant where tau is above the margin: an`,
    `error, of which a calibrated verdict makes 2.5 %, and in so many runs up to ${(100 * most).toFixed(1)} % (99 %).`,
    formatTable([
      ['encoder', 'examples', 'tau', 'called invariant', '95 % covers', 'too low', 'too high', 'refused'],
      ...results.map(({ source, examples, tau, invariant, coverage, below, above, refused }) => [
        source,
        String(examples),
        tau.toFixed(3),
        `${invariant.toFixed(3)}${tau > MARGIN && invariant > most ? ' !' : ''}`,
        coverage.toFixed(3),
        below.toFixed(3),
        above.toFixed(3),
        refused.toFixed(2),
      ]),
    ]),
  ].join('\n');
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

export const invariance = defineCommand({
  name: 'invariance',
  summary: 'what every latent knows, and whether that depends on the other latents, from arrays of any framework',
  usage: ['--means FILE --logvar FILE', '--means FILE --cholesky FILE', '--calibrate'],
  options: {
    means: { type: 'string', value: 'FILE', about: '[examples, latents], .npy, .npz:name or .csv' },
    logvar: { type: 'string', value: 'FILE', about: 'log-variances of the same shape, or' },
    cholesky: { type: 'string', value: 'FILE', about: 'factors [examples, latents, latents]' },
    latents: { type: 'string', value: 'LIST', about: 'only these, as 0,2' },
    margin: {
      type: 'string',
      value: 'NATS',
      default: '0.05',
      about: 'how much may vary and still be called invariant',
    },
    calibrate: { type: 'boolean', about: 'the proof that its test is calibrated; needs no data' },
    ...ofRandom,
    ...asJson,
    ...placed,
  },
  prints: {
    I: 'what the latent knows of the example, nats; standard errors in brackets',
    C: 'what it knows when the others are known',
    R: 'what the others say already',
    S: 'what only shows given the example',
    bridge: 'C - I - (S - R): 0 but for errors',
    tau: 'how much M(c), the information at values c of the others, varies; 95 % is its interval',
    'p (Holm)': 'of the test that it does not vary, corrected for the number of latents',
    values: 'of the c drawn, at how many enough examples stand',
    verdict: 'invariant, varies or inconclusive',
  },
  examples: [
    ['unweave invariance --means mu.npy --logvar logvar.npy', 'a factorized posterior, from np.save'],
    ['unweave invariance --means mu.npy --cholesky L.npy --latents 0,1 --json', 'a full one, two of its latents'],
  ],
  run: ({ json: document, ...values }) => invarianceCommand({ ...values, json: document, where: whereOf(values) }),
});
