// Numbers that change with the step, such as learning rates and weights of an objective, computed on the GPU from the step
// counter, one for every replica. A schedule goes from one value to another between two steps; products of schedules make
// warm-ups and decays. The cosine is that of Loshchilov & Hutter 2017.

import rampKernel from '../../shaders/ramp.wgsl';
import { ShapeError } from '../errors';
import { constantOf, input, output, single } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { sameShape } from '../graph/shape';
import { constant, type Tensor } from '../graph/tensor';
import { cosF, expF, logF } from '../numeric';

/** By their names in shaders/ramp.wgsl. */
export type Curve = 'linear' | 'cosine' | 'exponential';

/** A value that changes with the step: from where, to where, over how many steps, along which curve. */
export interface Ramp {
  /** Values before and after, each a number or one for every replica; for `exponential` both positive. */
  readonly from: number | readonly number[];
  readonly to: number | readonly number[];
  /** Steps between which the value moves: `from` up to `start`, `to` from `end` on. */
  readonly start?: number;
  readonly end: number;
  /** `linear` by default. */
  readonly curve?: Curve;
}

interface Options {
  readonly curve: Curve;
}

const f = Math.fround;
const PI = f(Math.PI);

export const rampRule = /* @__PURE__ */ defineOp<Options>({
  name: 'ramp',
  operands: ['u32', 'f32'],
  infer([step, ramps]) {
    if (!sameShape(step.shape, [1]) || ramps.shape.length !== 2 || ramps.shape[1] !== 4) {
      throw new ShapeError('ramp', 'takes a step [1] and ramps [replicas, 4]', [step.shape, ramps.shape]);
    }
    return { shape: [ramps.shape[0]], dtype: 'f32' };
  },
  kernels([, ramps], _output, { curve }) {
    const constants = constantOf(curve);
    const slots = [input(0), input(1), output];
    return single({ kernel: rampKernel, constants, sizes: [ramps.shape[0]], slots, threads: ramps.shape[0] });
  },
  gradient: { reason: 'a schedule depends on the step counter only' },
  reference([step, ramps], result, { curve }) {
    for (let r = 0; r < result.data.length; r++) {
      const [from, to, start, end] = ramps.data.subarray(4 * r, 4 * r + 4);
      const t = Math.min(Math.max(f(f(f(step.data[0]) - start) / f(end - start)), 0), 1);
      if (curve === 'exponential') {
        const [a, b] = [logF(from), logF(to)];
        result.data[r] = expF(f(a + f(f(b - a) * t)));
      } else {
        const share = curve === 'linear' ? t : f(0.5 * f(1 - cosF(f(PI * t))));
        result.data[r] = f(from + f(f(to - from) * share));
      }
    }
  },
});

/**
 * The value of a ramp at the present step for every replica, f32 [replicas]; `step` is the u32 [1] step counter. Throws
 * ShapeError when a list has not one value for each replica, RangeError when the ramp ends before it starts.
 */
export function ramp(step: Tensor, replicas: number, { from, to, start = 0, end, curve = 'linear' }: Ramp): Tensor {
  if (!(start < end)) throw new RangeError(`ramp: starts at step ${start} and must end later, not at ${end}`);
  const each = (values: number | readonly number[]): readonly number[] => {
    const list = typeof values === 'number' ? new Array<number>(replicas).fill(values) : values;
    if (list.length !== replicas) throw new ShapeError('ramp', `needs ${replicas} values`, [[list.length]]);
    return list;
  };
  const [low, high] = [each(from), each(to)];
  if (curve === 'exponential' && [...low, ...high].some((value) => !(value > 0))) {
    throw new RangeError('ramp: an exponential ramp goes between positive values');
  }
  const rows = low.flatMap((value, r) => [value, high[r], start, end]);
  return apply(rampRule, [step, constant(Float32Array.from(rows), [replicas, 4])], { curve });
}
