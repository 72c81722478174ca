// I, C, R and S of the codes of sixteen examples, from their posteriors
import { openExecutor } from 'unweave';
import { aggregateInformation, component } from 'unweave/metrics';

const executor = await openExecutor();
const places = [-3, -1, 1, 3].map((value) => value / Math.sqrt(5));
const factor = [
  [0.3, 0],
  [0.18, 0.24],
]; // correlation 0.6 given x
const codes = places.flatMap((a) => places.map((b) => component([a, b], factor)));
const [found] = await aggregateInformation(executor, [codes], { samplesPerComponent: 500, seed: 0 });
console.log('I', found.information[0].toFixed(4), 'S', found.synergy[0].toFixed(4));
console.log(
  'C',
  found.conditionalInformation[0].value.toFixed(2),
  '±',
  found.conditionalInformation[0].standardError.toFixed(2),
);

/* prints
I 1.1325 S 0.2231
C 1.31 ± 0.01
*/
