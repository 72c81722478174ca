// The bridge: C − I = S − R, from a linear encoder
import { linearGaussian } from 'unweave/metrics';

const one = [
  [1, 0],
  [0, 1],
];
const noise = [
  [0.5, 0.3],
  [0.3, 0.5],
];
const { information, conditionalInformation, redundancy, synergy } = linearGaussian(one, one, noise);
console.log('C − I', (conditionalInformation[0] - information[0]).toFixed(6));
console.log('S − R', (synergy[0] - redundancy[0]).toFixed(6));

/* prints
C − I 0.202733
S − R 0.202733
*/
