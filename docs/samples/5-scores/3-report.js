// A score with its interval, its level by chance and its ceiling
import { Draw, scoreCodes } from 'unweave/metrics';

const draw = new Draw(2, 1);
const factors = [0, 1].map((f) =>
  Float64Array.from({ length: 400 }, (_, n) => (f === 0 ? n % 20 : Math.floor(n / 20))),
);
const codes = factors.map((factor) => factor.map((value) => value + 6 * draw.uniform()));
const [{ value, interval, chance, ceiling }] = scoreCodes({ codes, factors, only: ['mig'] }).scores;
console.log(
  value.toFixed(2),
  'from',
  interval[0].toFixed(2),
  'to',
  interval[1].toFixed(2),
  'chance',
  chance.toFixed(2),
  'ceiling',
  ceiling.toFixed(2),
);

/* prints
0.28 from 0.28 to 0.28 chance 0.01 ceiling 0.99
*/
