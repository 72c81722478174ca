// What each nearest-neighbour estimator asks of the neighbours, and what it makes of the answer. The search itself, in f64
// (`estimators`) or on the GPU (`estimateBatch`), knows nothing of the formulas; the formulas know nothing of the search.
//
//   ksg1, ksg2   Kraskov, Stoegbauer & Grassberger 2004, eqs. 8 and 9, and 23 for several variables
//   fp, fp2      Frenzel & Pompe 2007; algorithm 2 as Wibral et al. 2014
//   mixed        Gao, Kannan, Oh & Viswanath 2017, in the form of the authors' program

/**
 * Which other points count, in one variable or in two at once. `inside`: strictly nearer than the k-th neighbour; `tied`:
 * the same, or at the same place; `projected`: in each variable no farther than the farthest of the k neighbours there.
 */
export type Reach = 'inside' | 'tied' | 'projected';

/** Numbers every sample shares: k, the number of samples, and psi(1) ... psi(n + 1). */
export interface Constants {
  readonly k: number;
  readonly n: number;
  readonly psi: Float64Array;
}

export interface Recipe {
  readonly reach: Reach;
  /** What is counted, each time by the indices of one variable or of two. */
  readonly counted: (variables: number) => readonly (readonly number[])[];
  /** The contribution of a sample with these counts, itself never counted. */
  readonly local: (counts: readonly number[], constants: Constants) => number;
}

const each = (variables: number): number[][] => Array.from({ length: variables }, (_, v) => [v]);
/** x, y and z: z alone, and with x and with y. */
const conditioned = () => [[2], [0, 2], [1, 2]];

export const recipes = {
  /** psi(k) + (m-1) psi(n) - sum psi(n_j + 1): total correlation for m > 2 variables. */
  ksg1: {
    reach: 'inside',
    counted: each,
    local: (counts, { k, n, psi }) =>
      counts.reduce((rest, c) => rest - psi[c + 1], psi[k] + (counts.length - 1) * psi[n]),
  },
  /** psi(k) - (m-1)/k + (m-1) psi(n) - sum psi(n_j). */
  ksg2: {
    reach: 'projected',
    counted: each,
    local: (counts, { k, n, psi }) =>
      counts.reduce((rest, c) => rest - psi[c], psi[k] + (counts.length - 1) * (psi[n] - 1 / k)),
  },
  /** I(X; Y | Z) = psi(k) + psi(n_z + 1) - psi(n_xz + 1) - psi(n_yz + 1). */
  fp: {
    reach: 'inside',
    counted: conditioned,
    local: ([z, xz, yz], { k, psi }) => psi[k] + psi[z + 1] - psi[xz + 1] - psi[yz + 1],
  },
  /** psi(k) - 2/k + psi(n_z) - psi(n_xz) + 1/n_xz - psi(n_yz) + 1/n_yz. */
  fp2: {
    reach: 'projected',
    counted: conditioned,
    local: ([z, xz, yz], { k, psi }) => psi[k] - 2 / k + psi[z] - psi[xz] + 1 / xz - psi[yz] + 1 / yz,
  },
  /** psi(k~) + ln n - psi(n_x + 1) - psi(n_y + 1); where k or more others lie at the same place, k~ and the counts are theirs. */
  mixed: {
    reach: 'tied',
    counted: () => [[0], [1], [0, 1]],
    // Fewer than k points are strictly nearer than the k-th, so k or more can only be ties at distance 0.
    local: ([x, y, both], { k, n, psi }) => psi[both >= k ? both + 1 : k] + Math.log(n) - psi[x + 1] - psi[y + 1],
  },
} satisfies Record<string, Recipe>;

export type RecipeName = keyof typeof recipes;
