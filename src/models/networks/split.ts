// The Split Encoder (first version of arXiv 1911.10922): the deeper layers are not shared between latents. After a shared
// trunk every latent has a hidden layer and a head of its own, which puts out the numbers of the posterior that belong to
// it. All branches are one batched product, with latents beside replicas.

import { broadcastTo, linear, matmul, permute, reshape, type Tensor } from '../../engine';
import { selection } from '../posteriors/choleskyFactor';
import type { Posterior } from '../posteriors/posterior';
import type { Network } from './network';

/** Heads [R, rows, headWidth] of what a trunk with `inputs` numbers gives [R, rows, inputs]. */
export function splitHead(posterior: Posterior, inputs: number, hidden: number): Network {
  const { latents, headWidth, owners, drawn } = posterior;
  // Number o of branch i goes to the o-th column that latent i owns.
  const owned = Array.from({ length: latents }, (_, i) =>
    owners.flatMap((owner, column) => (owner === i ? [column] : [])),
  );
  const outputs = 4 * Math.ceil(Math.max(...owned.map(({ length }) => length)) / 4);
  const places = owned.flatMap((columns) => Array.from({ length: outputs }, (_, o) => columns[o]));
  const placed = selection(places, headWidth);
  const firstDrawn = Math.max(...owned.map((columns) => columns.filter((column) => column < drawn).length));
  const spec = (name: string, shape: readonly number[], deviation: number) => ({
    name: `encoder.split.${name}`,
    shape,
    deviation,
  });
  return {
    specs: [
      spec('hidden.weights', [latents, inputs, hidden], Math.sqrt(2 / inputs)),
      spec('hidden.bias', [latents, hidden], 0),
      { ...spec('head.weights', [latents, hidden, outputs], Math.sqrt(0.01 / hidden)), drawn: firstDrawn },
      spec('head.bias', [latents, outputs], 0),
    ],
    apply(x, [weights, bias, headWeights, headBias]) {
      const [replicas, rows] = x.shape;
      const branches = replicas * latents;
      const merged = (t: Tensor) => reshape(t, [branches, ...t.shape.slice(2)]);
      const each = reshape(broadcastTo(reshape(x, [replicas, 1, rows, inputs]), [replicas, latents, rows, inputs]), [
        branches,
        rows,
        inputs,
      ]);
      const y = linear(each, merged(weights), merged(bias), 'relu');
      const heads = linear(y, merged(headWeights), merged(headBias));
      const beside = permute(reshape(heads, [replicas, latents, rows, outputs]), [0, 2, 1, 3]);
      return matmul(reshape(beside, [replicas, rows, latents * outputs]), placed);
    },
  };
}
