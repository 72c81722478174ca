// InfoGAN (Chen et al. 2016): a generator of noise and codes, a discriminator, and Q(c | x) on the discriminator's trunk. Q of
// the continuous codes is a posterior family: factorized with learned deviations, or full. The bound
//   sum of H(c) + E ln Q(c | x) <= I(c; x)
// is what the generator and Q raise together; with a factorized Q its maximum is the sum of I(c_i; x), which a full Q does not
// ask for. The bound of that sum, from Q's marginals, is measured for every Q: sum over i of H(c_i) + E ln Q(c_i | x).

import {
  add,
  concat,
  div,
  gatherRows,
  linear,
  log,
  logSoftmax,
  mean,
  mul,
  neg,
  randomIndices,
  randomNormal,
  randomUniform,
  reshape,
  type Stream,
  scalar,
  sigmoid,
  softplus,
  square,
  sub,
  sum,
  type Tensor,
} from '../engine';
import { denseSpecs, mlp } from './networks/network';
import { type Objective, type PerReplica, perReplica } from './objective';
import { OTHER_PLAYER, type Parameters, parameters, purposes } from './parameters';
import { identity } from './posteriors/choleskyFactor';
import type { GaussianPosterior } from './posteriors/posterior';

/** Sizes, codes and the posterior Q of an InfoGAN. */
export interface InfoGanOptions {
  readonly replicas: number;
  /** Numbers of an example, in 0 ... 1. */
  readonly input: number;
  readonly noise: number;
  /** Q of the continuous codes; it says how many there are. */
  readonly q: GaussianPosterior;
  /** Their prior: N(0, 1), under which rotations are a symmetry, or uniform on (-1, 1), as in the paper. */
  readonly prior?: 'normal' | 'uniform';
  /** Number of values of each categorical code. */
  readonly categories?: readonly number[];
  readonly hidden?: readonly number[];
}

/** A population of InfoGANs as graphs. */
export interface InfoGan {
  readonly replicas: number;
  readonly options: Required<InfoGanOptions>;
  readonly generator: Parameters;
  readonly discriminator: Parameters;
  /** Examples [R, rows, input] of noise and codes [R, rows, noise + codes]. */
  generate(seed: Tensor): Tensor;
  /** Log odds of being real [R, rows], Q's posteriors of the continuous codes, log probabilities of each categorical. */
  judge(examples: Tensor): { odds: Tensor; packed: Tensor; logits: Tensor[] };
}

const Q_WIDTH = 128;

/** A population of InfoGANs (Chen et al. 2016) as graphs. Throws InputError for a network that is not an mlp. */
export function infoGan(given: InfoGanOptions): InfoGan {
  const options = { prior: 'normal', categories: [], hidden: [128, 128], ...given } as const;
  const { replicas, input, noise, q, categories, hidden } = options;
  const seedWidth = noise + q.latents + categories.reduce((total, size) => total + size, 0);
  const network = mlp('generator', [seedWidth, ...hidden, input], 1);
  const generator = parameters(replicas, network.specs);
  const widths = [input, ...[...hidden].reverse()];
  const trunk = widths.slice(1).flatMap((to, i) => denseSpecs(`trunk.${i}`, widths[i], to, 2));
  const top = widths[widths.length - 1];
  const heads = [
    ...denseSpecs('real', top, 1, 1),
    ...denseSpecs('q', top, Q_WIDTH, 2),
    ...denseSpecs('q.head', Q_WIDTH, q.headWidth, 0.01, q.drawn),
    ...categories.flatMap((size, c) => denseSpecs(`q.category${c}`, Q_WIDTH, size, 1)),
  ];
  const discriminator = parameters(replicas, [...trunk, ...heads, ...q.parameters], OTHER_PLAYER);
  return {
    replicas,
    options,
    generator,
    discriminator,
    generate: (seed) => sigmoid(network.apply(seed, generator.tensors)),
    judge(examples) {
      const { tensors } = discriminator;
      let activations = examples;
      for (let i = 0; i < trunk.length; i += 2) activations = linear(activations, tensors[i], tensors[i + 1], 'relu');
      const head = (x: Tensor, at: number) => linear(x, tensors[trunk.length + at], tensors[trunk.length + at + 1]);
      const odds = head(activations, 0);
      const codes = linear(activations, tensors[trunk.length + 2], tensors[trunk.length + 3], 'relu');
      return {
        odds: reshape(odds, odds.shape.slice(0, 2)),
        packed: q.bound(head(codes, 4), tensors.slice(trunk.length + heads.length)),
        logits: categories.map((_, c) => logSoftmax(head(codes, 6 + 2 * c))),
      };
    },
  };
}

/** Nats of one continuous code. */
const entropies = { normal: 0.5 * Math.log(2 * Math.PI * Math.E), uniform: Math.LN2 };

/** Sum over i of ln q(z_i | x) of each row's own point, [R, rows], nats: ln q(z | x) where q is factorized. */
function marginalDensity(q: GaussianPosterior, packed: Tensor, z: Tensor): Tensor {
  const variances = q.variances(packed);
  const distance = div(square(sub(z, q.means(packed))), variances);
  return mul(sum(add(add(distance, log(variances)), scalar(Math.log(2 * Math.PI))), [2]), scalar(-0.5));
}

/** Codes of a batch: noise and continuous codes as drawn, categories one-hot. */
function drawSeed({ options }: InfoGan, stream: Stream, rows: number) {
  const { noise, q, prior, categories } = options;
  const other = randomNormal(stream, purposes.objective, [rows, noise]);
  const purpose = purposes.objective + 1;
  const continuous =
    prior === 'normal'
      ? randomNormal(stream, purpose, [rows, q.latents])
      : sub(mul(randomUniform(stream, purpose, [rows, q.latents]), scalar(2)), scalar(1));
  const oneHot = categories.map((size, c) =>
    gatherRows(identity(size), randomIndices(stream, purposes.objective + 2 + c, [rows], size)),
  );
  return { seed: concat([other, continuous, ...oneHot], 2), continuous, oneHot };
}

/** `information` is the weight of the bound, 1 in the paper. */
export function infoGanObjective({
  information = 1,
  discriminatorRate = 2e-4,
}: {
  readonly information?: PerReplica;
  readonly discriminatorRate?: PerReplica;
} = {}): Objective<InfoGan> {
  return {
    name: 'infoGan',
    step(model, inputs) {
      const { q, prior, categories } = model.options;
      const real = inputs.batch();
      const { seed, continuous, oneHot } = drawSeed(model, inputs.stream, real.shape[1]);
      const judged = model.judge(model.generate(seed));
      const seen = mean(q.logDensity(judged.packed, continuous), [1]);
      const bounds = [
        add(seen, scalar(q.latents * entropies[prior])),
        ...categories.map((size, c) =>
          add(mean(sum(mul(judged.logits[c], oneHot[c]), [2]), [1]), scalar(Math.log(size))),
        ),
      ];
      const bound = bounds.reduce(add);
      const ofEach = add(bound, sub(mean(marginalDensity(q, judged.packed, continuous), [1]), seen));
      const gain = mul(bound, perReplica('information', information, model.replicas));
      const fooled = mean(softplus(neg(judged.odds)), [1]);
      const told = add(mean(softplus(neg(model.judge(real).odds)), [1]), mean(softplus(judged.odds), [1]));
      const adam = { beta1: 0.5 };
      return {
        players: [
          { parameters: model.generator, loss: sub(fooled, gain), adam },
          { parameters: model.discriminator, loss: sub(told, gain), learningRate: discriminatorRate, adam },
        ],
        terms: { generator: fooled, discriminator: told, informationBound: bound, informationOfEachBound: ofEach },
      };
    },
  };
}
