// The same codes turned by 45 degrees: nothing is lost, and MIG falls to 0
import { mig } from 'unweave/metrics';

const factors = [0, 1].map((f) =>
  Float64Array.from({ length: 400 }, (_, n) => (f === 0 ? n % 20 : Math.floor(n / 20))),
);
const h = Math.SQRT1_2;
const turned = [factors[0].map((a, n) => h * (a - factors[1][n])), factors[0].map((a, n) => h * (a + factors[1][n]))];
console.log('MIG', mig(turned, factors).score.toFixed(3));

/* prints
MIG 0.000
*/
