// MIG of codes made by hand: each latent follows one factor
import { mig } from 'unweave/metrics';

const factors = [0, 1].map((f) =>
  Float64Array.from({ length: 400 }, (_, n) => (f === 0 ? n % 20 : Math.floor(n / 20))),
);
const found = mig(factors, factors);
console.log('MIG', found.score.toFixed(3), 'gaps', found.gaps.map((gap) => gap.toFixed(3)).join(' '));

/* prints
MIG 1.000 gaps 1.000 1.000
*/
