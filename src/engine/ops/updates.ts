// The updates that are no optimiser: setting a variable, counting steps, and keeping what each step measured.

import appendKernel from '../../shaders/append.wgsl';
import incrementKernel from '../../shaders/increment.wgsl';
import { ShapeError } from '../errors';
import { copying } from '../graph/copy';
import { call } from '../graph/cpuPlan';
import { input, output, perThread, single } from '../graph/dispatch';
import { apply, defineOp, ofUpdate } from '../graph/rule';
import { sizeOf } from '../graph/shape';
import type { Tensor } from '../graph/tensor';

export const assignRule = /* @__PURE__ */ defineOp<null>({
  name: 'assign',
  operands: 'any',
  writes: [0],
  infer([target, value]) {
    if (sizeOf(target.shape) !== sizeOf(value.shape) || target.dtype !== value.dtype)
      throw new ShapeError('assign', 'takes a value of the size and type of the variable', [target.shape, value.shape]);
    return target;
  },
  ...copying<null>('assign', ([target]) => [
    { from: input(1), to: output, shape: [sizeOf(target.shape)], strides: [1] },
  ]),
  gradient: ofUpdate,
  reference: ([, value], target) => target.data.set(value.data),
});

/** target = value. Throws ShapeError when `target` is no variable, the sizes differ, or the value is a view of the target. */
export const assign = (target: Tensor, value: Tensor): Tensor => apply(assignRule, [target, value], null);

export const incrementRule = /* @__PURE__ */ defineOp<null>({
  name: 'increment',
  operands: 'u32',
  writes: [0],
  infer([counter]) {
    if (sizeOf(counter.shape) !== 1) throw new ShapeError('increment', 'takes a counter [1]', [counter.shape]);
    return counter;
  },
  cpu: () => call('increment', [output]),
  kernels: () => single({ kernel: incrementKernel, sizes: [], slots: [output], threads: 1 }),
  gradient: ofUpdate,
  reference(_inputs, counter) {
    counter.data[0] += 1;
  },
});

/** counter += 1. Throws ShapeError unless `counter` is a u32 [1] variable. */
export const increment = (counter: Tensor): Tensor => apply(incrementRule, [counter], null);

export const appendRule = /* @__PURE__ */ defineOp<null>({
  name: 'append',
  operands: ['any', 'any', 'u32'],
  writes: [0],
  infer([ring, values, step]) {
    const shapes = [ring.shape, values.shape, step.shape];
    if (
      ring.shape.length < 1 ||
      sizeOf(ring.shape) !== ring.shape[0] * sizeOf(values.shape) ||
      sizeOf(step.shape) !== 1
    )
      throw new ShapeError('append', 'takes a ring [capacity, ...values], the values and a step [1]', shapes);
    if (ring.dtype !== values.dtype) throw new ShapeError('append', 'ring and values differ in type', shapes);
    return ring;
  },
  kernels([ring, values], _output, _options, tuning) {
    const width = sizeOf(values.shape);
    const slots = [output, input(1), input(2)];
    return perThread(tuning, { kernel: appendKernel, sizes: [width, ring.shape[0]], slots, threads: width });
  },
  cpu: ([ring, values]) => call('append', [output, input(1), input(2)], sizeOf(values.shape), ring.shape[0]),
  gradient: ofUpdate,
  reference([, values, step], ring) {
    ring.data.set(values.data, (step.data[0] % ring.shape[0]) * values.data.length);
  },
});

/**
 * ring[step mod capacity] = values, for a variable `ring` [capacity, ...values.shape] and the u32 [1] step counter. Throws
 * ShapeError where they do not fit.
 */
export const append = (ring: Tensor, values: Tensor, step: Tensor): Tensor =>
  apply(appendRule, [ring, values, step], null);
