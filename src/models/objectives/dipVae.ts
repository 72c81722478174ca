// DIP-VAE (Kumar et al. 2018): reconstruction + KL + a penalty on how far a covariance over the batch is from I. Variant I takes
// the covariance of the posterior means, variant II that of the aggregated posterior: covariance of means + mean of
// covariances, which for a posterior with a factor L is the mean of L L', not of a diagonal.

import { add, matmul, mean, mul, scalar, square, sub, sum, type Tensor } from '../../engine';
import { refuseUnknown } from '../../engine/options';
import type { Objective, PerReplica } from '../objective';
import { identity } from '../posteriors/choleskyFactor';
import { gaussianOf } from '../posteriors/posterior';
import type { Vae } from '../vae';
import { type Dose, evidence, modelPlayer } from './evidence';

export interface DipOptions extends Dose {
  /** Weight of squared entries off the diagonal. */
  readonly offDiagonal: PerReplica;
  /** Weight of squared (entry - 1) on it: by default 10 times the other for variant I, the same for II. */
  readonly diagonal?: PerReplica;
}

/** The covariance over the rows of x [R, rows, K], by 1 / rows: [R, K, K]. */
function covarianceOf(x: Tensor): Tensor {
  const centred = sub(x, mean(x, [1], true));
  return mul(matmul(centred, centred, { transposeA: true }), scalar(1 / x.shape[1]));
}

function dipVae(variant: 'I' | 'II', options: DipOptions): Objective<Vae> {
  refuseUnknown<DipOptions>(`dipVae${variant}`, options, { offDiagonal: true, diagonal: true, conditionalTc: true });
  const { offDiagonal } = options;
  const times = (factor: number): PerReplica =>
    typeof offDiagonal === 'number' ? factor * offDiagonal : offDiagonal.map((each) => factor * each);
  const { diagonal = times(variant === 'I' ? 10 : 1) } = options;
  const name = `dipVae${variant}`;
  return {
    name,
    step(model, inputs) {
      const found = evidence(model, inputs);
      const { posterior } = model;
      const ofMeans = covarianceOf(posterior.means(found.packed));
      const covariance =
        variant === 'I' ? ofMeans : add(ofMeans, mean(gaussianOf(posterior, name).covariances(found.packed), [1]));
      const unit = identity(posterior.latents);
      const offPart = sum(square(mul(covariance, sub(scalar(1), unit))), [1, 2]);
      const onPart = sum(square(mul(sub(covariance, unit), unit)), [1, 2]);
      const player = modelPlayer(model, found, options, [
        [found.terms.kl, 1],
        [offPart, offDiagonal],
        [onPart, diagonal],
      ]);
      return { players: [player], terms: { ...found.terms, offDiagonal: offPart, diagonal: onPart } };
    },
  };
}

/** Reconstruction + KL + squared distance of the covariance of the means from I (Kumar et al. 2018). */
export const dipVaeI = (options: DipOptions): Objective<Vae> => dipVae('I', options);
/** The same of the covariance of the aggregate posterior; a posterior must be Gaussian. */
export const dipVaeII = (options: DipOptions): Objective<Vae> => dipVae('II', options);
