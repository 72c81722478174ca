// Pictures of a replica: every latent moved from -2 to 2 around one example's mean, along the codes' own axes and along those of the least
// coupled basis. 8 bits a pixel, base64: a record is text.

import type { Executor } from '../../engine';
import { identityMatrix } from '../../math/matrix';
import type { TrainedReplica } from '../trained';
import { rotationOf } from './rotation';

/** Images in rows of one latent each, each row of `steps` images. */
export interface Picture {
  readonly latents: number;
  readonly steps: number;
  /** [height, width, channels] of one image. */
  readonly shape: readonly number[];
  readonly pixels: string;
}

export interface TraversalsMeasure {
  readonly own: Picture;
  readonly turned: Picture;
}

const STEPS = 7;
const REACH = 2;

export async function traversals(_: Executor, replica: TrainedReplica): Promise<TraversalsMeasure | null> {
  const { latents, data, decode } = replica;
  if (decode === undefined || data.shape.length !== 3 || data.real) return null;
  return {
    own: await along(replica, identityMatrix(latents)),
    turned: await along(replica, rotationOf(replica).basis),
  };
}

async function along(
  { latents, data, means, decode }: TrainedReplica,
  axes: readonly (readonly number[])[],
): Promise<Picture> {
  const middle = Math.floor(means[0].length / 2);
  const codes = axes.flatMap((axis) => {
    const there = axis.reduce((sum, w, k) => sum + w * means[k][middle], 0);
    return Array.from({ length: STEPS }, (_, step) => {
      const place = REACH * ((2 * step) / (STEPS - 1) - 1);
      return axis.map((w, k) => means[k][middle] + (place - there) * w);
    });
  });
  const pixels = await decode?.(Float32Array.from(codes.flat()));
  const bytes = Uint8Array.from(pixels ?? [], (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
  return { latents, steps: STEPS, shape: data.shape, pixels: base64(bytes) };
}

/** Arguments that a call may have, safely. */
const CALL = 2 ** 13;

function base64(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CALL) text += String.fromCharCode(...bytes.subarray(at, at + CALL));
  return btoa(text);
}
