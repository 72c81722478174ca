// All parameters of a model in one arena, so that an optimiser updates them in one dispatch. Every parameter carries the
// leading replica axis: [R, ...shape].

import {
  arenaLayout,
  assign,
  broadcastTo,
  constant,
  GAP,
  mul,
  pack,
  randomNormal,
  type Shape,
  type Stream,
  scalar,
  sizeOf,
  type Tensor,
  variable,
  view,
} from '../engine';

/** A parameter of one replica: its name, its shape, and how it is drawn. */
export interface ParameterSpec {
  readonly name: string;
  /** Without the replica axis. */
  readonly shape: Shape;
  /** Standard deviation of the initial normal values; 0 starts at 0. */
  readonly deviation: number;
  /** Of the last axis, the first entries that are drawn: the others start at 0. Default all. */
  readonly drawn?: number;
}

/** All parameters of a population, in one arena. */
export interface Parameters {
  /** The arena: f32 [n]. */
  readonly arena: Tensor;
  /** How many numbers each parameter has for one replica, in the order of their specs. */
  readonly sizes: readonly number[];
  /** A number for every replica spread over its entries, f32 [n], with GAP between parameters: learning rates. */
  spread(values: readonly number[]): Tensor;
  /** The parameters as views of the arena, in the order of their specs. */
  readonly tensors: readonly Tensor[];
  /** Sets every parameter to its initial value; streams are keyed by the parameter's place, so arms can share them. */
  initialise(stream: Stream): Tensor;
}

/** Purposes of random streams below this number belong to the initial values. */
const MAX_PARAMETERS = 1000;

/** Random streams of a model: distinct purposes never share a number. */
export const purposes = {
  batch: MAX_PARAMETERS,
  noise: MAX_PARAMETERS + 1,
  /** Batches after the first, and what objectives draw: a hundred each. */
  otherBatches: MAX_PARAMETERS + 100,
  objective: MAX_PARAMETERS + 200,
} as const;

/** Where the streams of a second player's initial values begin. */
export const OTHER_PLAYER = MAX_PARAMETERS / 2;

/**
 * Parameters of `replicas` models in one variable. `firstStream`: where their random streams begin; a second player takes
 * OTHER_PLAYER.
 */
export function parameters(replicas: number, specs: readonly ParameterSpec[], firstStream = 0): Parameters {
  const shapes = specs.map(({ shape }) => [replicas, ...shape]);
  const { offsets, length } = arenaLayout(shapes);
  const arena = variable('parameters', [length]);
  const sizes = specs.map(({ shape }) => sizeOf(shape));
  return {
    arena,
    sizes,
    spread(values) {
      const entries = new Float32Array(length).fill(GAP);
      for (const [i, each] of sizes.entries()) {
        for (let r = 0; r < replicas; r++) entries.fill(values[r], offsets[i] + r * each, offsets[i] + (r + 1) * each);
      }
      return constant(entries);
    },
    tensors: shapes.map((shape, i) => view(arena, offsets[i], shape)),
    initialise(stream) {
      const values = specs.map(({ shape, deviation, drawn }, i) => {
        if (deviation === 0) return broadcastTo(scalar(0), shapes[i]);
        const width = shape[shape.length - 1];
        const scale =
          drawn === undefined ? scalar(deviation) : constant(new Float32Array(width).fill(deviation, 0, drawn));
        return mul(randomNormal(stream, firstStream + i, shape), scale);
      });
      return assign(arena, pack(values));
    },
  };
}
