// How large a model would be at least, by arithmetic on its settings alone: what could never fit is refused before a single
// graph is built. The exact plan of memory comes after it (populations).

import { widthOf } from '../data/dataSet';
import { InputError } from '../engine';
import { dataOf } from './recipe';
import type { Setting } from './setting';

/** The largest buffer that every adapter lets a kernel see: WebGPU's default `maxStorageBufferBindingSize`. */
export const LARGEST_BUFFER = 2 ** 27;

/** Parameters, gradients and two moments. */
const COPIES = 4;
const BYTES = 4;
/** Width of the dense layers that the published convolutional networks end in. */
const CONVOLUTIONAL_DENSE = 256;

/** Numbers of a head beyond means and deviations: those of the families whose encoder says how latents are coupled. */
function coupling({ posterior, latents }: Setting): number {
  if (['full', 'block', 'reversedCholesky'].includes(posterior.name)) return (latents * (latents - 1)) / 2;
  return posterior.name === 'lowRank' ? latents * posterior.numbers.rank : 0;
}

/** Numbers of the matrix that the other families, but the factorized one, keep once for each replica. */
const keptMatrix = ({ posterior: { name }, latents }: Setting): number =>
  ['correlated', 'rotated', 'constantCholesky'].includes(name) ? (latents * (latents - 1)) / 2 : 0;

interface Numbers {
  readonly parameters: number;
  readonly activations: number;
  /** Of one tensor: what one buffer must hold. */
  readonly largest: number;
}

/** About how many parameters one replica has, and how many numbers one step computes on the way: never more than there are. */
export function leastNumbers(setting: Setting): Numbers {
  const { architecture, latents, batch, objective } = setting;
  const input = widthOf(dataOf(setting));
  const head = 2 * latents + coupling(setting);
  const hidden = architecture.name === 'mlp' ? architecture.hidden : [CONVOLUTIONAL_DENSE];
  const [first, last] = [hidden[0] ?? input, hidden[hidden.length - 1] ?? input];
  const between = hidden.slice(1).reduce((sum, width, i) => sum + width * hidden[i], 0);
  const ends = architecture.name === 'mlp' && hidden.length > 0 ? input * first : 0;
  const of = (name: string): number => objective.numbers[name] ?? 0;
  const branches = architecture.split === undefined ? 0 : latents * last * architecture.split;
  const discriminator =
    objective.name === 'factorVae' ? (of('layers') - 1) * of('width') ** 2 + latents * of('width') : 0;
  const noise = objective.name === 'infoGan' ? of('noise') * last : 0;
  const parameters = 2 * (ends + between) + last * (head + latents) + branches + discriminator + noise;
  return {
    parameters,
    largest: Math.max(parameters, keptMatrix(setting), batch * Math.max(input, head, ...hidden)),
    activations:
      keptMatrix(setting) +
      batch * (2 * input + 2 * hidden.reduce((sum, width) => sum + width, 0) + head + 2 * latents),
  };
}

/** Throws InputError, with the number and the limit, where one replica cannot fit into `memory` bytes. */
export function checkSize(setting: Setting, memory: number): void {
  const { parameters, activations, largest } = leastNumbers(setting);
  const bytes = BYTES * (COPIES * parameters + activations);
  const mebibytes = (size: number): string => `${Math.ceil(size / 2 ** 20).toLocaleString('en-US')} MiB`;
  if (bytes <= memory && BYTES * largest <= LARGEST_BUFFER) return;
  if (bytes <= memory)
    throw new InputError(
      `One replica has at least ${parameters.toLocaleString('en-US')} parameters and needs a buffer of at least ${mebibytes(BYTES * largest)}; ` +
        `${mebibytes(LARGEST_BUFFER)} is the limit: lower the latents, the widths or the batch.`,
    );
  throw new InputError(
    `One replica has at least ${parameters.toLocaleString('en-US')} parameters and needs at least ${mebibytes(bytes)}; ` +
      `${mebibytes(memory)} is the limit: lower the latents, the widths or the batch, or raise --memory.`,
  );
}
