// Cases of updates: what they change is compared after two steps on either executor.

import { adam, append, assign, constant, GAP, increment, mul, sgd, type Tensor, weightDecay } from '../../src/engine';
import { type Case, tensor } from './data';

const N = 8;
const vector = (low = -1, high = 1): Tensor => tensor([N], low, high);
const rates = constant(Float32Array.of(0.1, 0.1, 0.1, GAP, 0.01, 0.01, 0.01, GAP));
const counter = (value = 0): Tensor => constant(Uint32Array.of(value));
const never = counter(0xffffffff);

/** A gradient that is finite in the first half only. */
const broken = constant(Float32Array.of(1, -2, 3, 4, Number.NaN, Number.POSITIVE_INFINITY, 1, 1));

export const updateCases: Case[] = [
  ...[vector(), broken].flatMap((gradients, i): Case[] => [
    {
      op: 'adam',
      name: i === 0 ? 'finite' : 'not finite',
      inputs: [vector(), gradients, vector(), vector(0, 1), rates, counter(3), never],
      build: (parameters, given, first, second, rate, step, nonFinite) =>
        adam({ parameters, gradients: given, first, second, rates: rate, step, nonFinite }),
    },
    {
      op: 'sgd',
      name: i === 0 ? 'finite' : 'not finite',
      inputs: [vector(), gradients, vector(), rates, counter(3), never],
      build: (parameters, given, velocity, rate, step, nonFinite) =>
        sgd({ parameters, gradients: given, velocity, rates: rate, step, nonFinite }, 0.9),
    },
  ]),
  {
    op: 'weightDecay',
    name: 'with gaps',
    inputs: [vector(), rates, constant(Float32Array.of(0.5, 0, 0.5, 0.5, GAP, 0.1, 0.1, 0.1))],
    build: weightDecay,
  },
  { op: 'assign', name: 'a product', inputs: [tensor([5]), tensor([5])], build: (x, y) => assign(x, mul(y, 2)) },
  { op: 'assign', name: 'half of what it was', inputs: [tensor([8])], build: (x) => assign(x, mul(x, 0.5)) },
  { op: 'increment', name: 'the last number', inputs: [counter(0xffffffff)], build: increment },
  {
    op: 'append',
    name: 'to the third row of five',
    inputs: [tensor([5, 3]), tensor([3]), counter(7)],
    build: append,
  },
];
