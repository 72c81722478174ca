// What will run: every tensor, its kernels, its place in memory
import { constant, describe, matmul, named, relu, sum } from 'unweave';

const x = named(constant([1, -2, 3, 4], [2, 2]), 'x');
const hidden = named(relu(matmul(x, x)), 'hidden');
console.log(describe({ outputs: { loss: sum(hidden) } }));

/* prints
%0 constant x [2, 2]
%1 matmul [1, 2, 2] | %0 %0 | matmul_4x4/scalar 1x1x1 | buffer 0, until %2 | once
%2 unary hidden [2, 2] | %1 | unary 1x1x1 | buffer 1, until %3 | once
%3 sum [2, 1] | %2 | reduce/scalar 1x1x1 | buffer 0, until %4 | once
%4 sum [1, 1] | %3 | reduce/scalar 1x1x1 | buffer 1, kept | once | output loss
*/
