// Linear-Gaussian encoders and decoders in closed form: the bridge T1 with CE2, CE3 and CE5, rotated decoders T5, equally correlated noise
// (method.md 3.2, 3.6, 3.8, 4a).

import { gaussianAnswers } from '../../data/linear';
import type { Matrix } from '../../math/matrix';
import { linearGaussian } from '../../metrics/information/gaussian';
import type { Cell, Table } from './tableStudy';

export const C = (rho: number): Matrix => [
  [1, rho],
  [rho, 1],
];
export const times = (a: number, m: Matrix): Matrix => m.map((row) => row.map((value) => a * value));
export const one: Matrix = C(0);

export const gaussians: readonly (readonly [name: string, data: Matrix, noise: Matrix])[] = [
  [
    'G1 independent in every sense',
    [
      [4, 0],
      [0, 1],
    ],
    [
      [0.25, 0],
      [0, 0.5],
    ],
  ],
  ['G2 coupled noise', one, times(0.5, C(0.6))],
  ['G3 (CE3) latents independent, noise coupled', C(0.6), C(-0.6)],
  ['G4 (CE2) invariant, and neither independent', times(2, C(0.6)), times(0.5, C(0.6))],
];

/** T5: the decoder W = diag(2, 1) Rot(t), noise variance .5: invariance is orthogonality of the decoder. */
export function rotations(): Table {
  const known: Readonly<Record<number, readonly number[]>> = {
    0: [1.0986, 0.5493, 0],
    15: [1.0357, 0.5721, 0.04],
    30: [0.8959, 0.6405, 0.1116],
    45: [0.752, 0.752, 0.1438],
  };
  const rows = Object.entries(known).map(([degrees, exact]): Cell[] => {
    const t = (Number(degrees) * Math.PI) / 180;
    const [c, s] = [Math.cos(t), Math.sin(t)];
    const { information, synergy } = gaussianAnswers(
      [
        [2 * c, -2 * s],
        [s, c],
      ],
      Math.sqrt(0.5),
    );
    const found = [...information, synergy[0]];
    return [`${degrees} degrees`, ...exact.flatMap((value, k) => [value, found[k]]), information[0] + information[1]];
  });
  return {
    title: 'T5: a rotated linear decoder',
    about:
      'The same p(x), prior and bound at every angle; the gap C - I = S is 0 only where the columns of W are at right angles, and the sum of I is largest there.',
    head: ['turned by', 'I1 exact', 'I1', 'I2 exact', 'I2', 'gap exact', 'gap', 'I1 + I2'],
    rows,
  };
}

/** T1: both sides of the bridge from other routes; CE5, where everything holds in every basis. */
export function bridge(): Table {
  const turn = (degrees: number): Matrix => {
    const [c, s] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
    return [
      [c, -s],
      [s, c],
    ];
  };
  const cases: readonly (readonly [string, Matrix, Matrix, Matrix])[] = [
    ...gaussians.map(([name, data, noise]) => [name, one, data, noise] as const),
    ...[0, 30, 45].map((t) => [`CE5 x in a basis turned by ${t} degrees`, turn(t), one, times(0.25, one)] as const),
  ];
  const isZero = (value: number) => (Math.abs(value) < 1e-12 ? 'yes' : 'no');
  const rows = cases.map(([name, mixing, data, noise]): Cell[] => {
    const { information, conditionalInformation, redundancy, synergy } = linearGaussian(mixing, data, noise);
    return [
      name,
      information[0],
      conditionalInformation[0] - information[0],
      synergy[0] - redundancy[0],
      isZero(redundancy[0]),
      isZero(synergy[0]),
    ];
  });
  return {
    title: 'T1, the bridge: C − I = S − R',
    about:
      'Closed forms of both sides, nats. T2: of independence (R = 0), conditional independence (S = 0) and averaged invariance (both sides 0) any two give the third. CE5: all three hold in any basis, so they do not make codes disentangled.',
    head: ['case', 'I', 'C − I', 'S − R', 'R = 0', 'S = 0'],
    rows,
  };
}

/** Noise that is equally correlated in all pairs of d latents: S_i and TC(z|x) in closed form beside the general formula. */
export function equicorrelated(): Table {
  const known = [
    [10, 0.1, 0.0256, 0.1532],
    [10, 0.5, 0.2989, 2.2668],
    [10, 0.9, 1.0992, 9.2575],
    [5, 0.3, 0.105, 0.3191],
    [5, 0.9, 1.0424, 3.8421],
  ] as const;
  const rows = known.map(([d, rho, synergy, tc]): Cell[] => {
    const square = (off: number) =>
      Array.from({ length: d }, (_, i) => Array.from({ length: d }, (__, j) => (i === j ? 1 : off)));
    const found = linearGaussian(square(0), square(0), square(rho));
    return [`d = ${d}, rho = ${rho}`, synergy, found.synergy[0], tc, found.conditionalTotalCorrelation];
  });
  return {
    title: 'Equally correlated noise',
    about: 'S of one latent and TC(z|x), nats: published values beside those of the general formula.',
    head: ['noise', 'S exact', 'S', 'TC exact', 'TC'],
    rows,
  };
}
