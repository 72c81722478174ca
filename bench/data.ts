// Operands of benchmarks: the same arbitrary numbers in every run.

import { type Data, type Executor, type Graph, type Shape, sizeOf, type Tensor, variable } from '../src/engine';
import { schedule } from '../src/engine/graph/schedule';
import { pairData, pairProblem } from '../src/metrics/information/ksgPairs';

let state = 7;

/** The next number in (0, 1): Park and Miller's generator, since the numbers need not be good. */
export function arbitrary(): number {
  state = (state * 48271) % 2147483647;
  return state / 2147483647;
}

/** Variables, not constants: what depends on constants only is computed once, and there would be nothing to time. */
const contents = new Map<Tensor, Data>();

function filled(shape: Shape, data: Float32Array | Uint32Array): Tensor {
  const tensor = variable('operand', shape, data instanceof Uint32Array ? 'u32' : 'f32');
  contents.set(tensor, data);
  return tensor;
}

export const floats = (shape: Shape, low = -1, high = 1): Tensor =>
  filled(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => low + (high - low) * arbitrary()),
  );

export const indices = (shape: Shape, below: number): Tensor =>
  filled(
    shape,
    Uint32Array.from({ length: sizeOf(shape) }, () => Math.floor(arbitrary() * below)),
  );

/** Problems of `ksgPairs` with coordinates drawn at random. */
export function pairProblems(problems: number, points: number): Tensor {
  const column = () => Float32Array.from({ length: points }, arbitrary);
  const { data, shape } = pairData(Array.from({ length: problems }, () => pairProblem(column(), column())));
  return filled(shape, data);
}

/** Writes the operands of a graph to an executor. */
export function writeOperands(device: Executor, graph: Graph): void {
  for (const leaf of schedule(graph).leaves) {
    const data = contents.get(leaf);
    if (data === undefined) continue;
    device.write(leaf, data);
    contents.delete(leaf);
  }
}
