// Mutual information of two columns, by nearest neighbours
import { Draw, estimate, normalQuantile } from 'unweave/metrics';

const draw = new Draw(1, 1);
const normal = () => normalQuantile(draw.uniform());
const x = Float64Array.from({ length: 1000 }, normal);
const y = x.map((value) => 0.6 * value + 0.8 * normal());
const found = estimate({ x: { columns: [x], names: ['x'] }, y: { columns: [y], names: ['y'] }, standardError: true });
console.log(found.nats.toFixed(3), '±', found.standardError.toFixed(3), 'exact', (-Math.log(1 - 0.36) / 2).toFixed(3));

/* prints
0.184 ± 0.020 exact 0.223
*/
