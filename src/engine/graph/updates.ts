// The updates that are no optimiser: setting a variable, counting steps, and keeping what each step measured.

import appendKernel from '../../shaders/append.wgsl';
import incrementKernel from '../../shaders/increment.wgsl';
import { ShapeError } from '../errors';
import { copyDispatch } from './copy';
import { input, single } from './dispatch';
import { sizeOf } from './shape';
import type { Tensor } from './tensor';
import { type Update, type UpdateRule, update } from './update';

const assignRule: UpdateRule<null> = {
  name: 'assign',
  operands: 'any',
  writes: [0],
  check([target, value]) {
    if (sizeOf(target.shape) !== sizeOf(value.shape) || target.dtype !== value.dtype)
      throw new ShapeError('assign', 'takes a value of the size and type of the variable', [target.shape, value.shape]);
  },
  kernels([target]) {
    const walk = { shape: [sizeOf(target.shape)], strides: [1] };
    return { dispatches: [copyDispatch('assign', input(1), input(0), walk)] };
  },
  reference: ([target, value]) => target.data.set(value.data),
};

/** target = value. Throws ShapeError when `target` is no variable, the sizes differ, or the value is a view of the target. */
export const assign = (target: Tensor, value: Tensor): Update => update(assignRule, [target, value], null);

const incrementRule: UpdateRule<null> = {
  name: 'increment',
  operands: 'u32',
  writes: [0],
  check([counter]) {
    if (sizeOf(counter.shape) !== 1) throw new ShapeError('increment', 'takes a counter [1]', [counter.shape]);
  },
  kernels: () => single({ kernel: incrementKernel, sizes: [], slots: [input(0)], threads: 1 }),
  reference([counter]) {
    counter.data[0] += 1;
  },
};

/** counter += 1. Throws ShapeError unless `counter` is a u32 [1] variable. */
export const increment = (counter: Tensor): Update => update(incrementRule, [counter], null);

const appendRule: UpdateRule<null> = {
  name: 'append',
  operands: ['any', 'any', 'u32'],
  writes: [0],
  check([ring, values, step]) {
    const shapes = [ring.shape, values.shape, step.shape];
    if (
      ring.shape.length < 1 ||
      sizeOf(ring.shape) !== ring.shape[0] * sizeOf(values.shape) ||
      sizeOf(step.shape) !== 1
    )
      throw new ShapeError('append', 'takes a ring [capacity, ...values], the values and a step [1]', shapes);
    if (ring.dtype !== values.dtype) throw new ShapeError('append', 'ring and values differ in type', shapes);
  },
  kernels([ring, values]) {
    const width = sizeOf(values.shape);
    const sizes = [width, ring.shape[0]];
    const slots = [input(0), input(1), input(2)];
    return single({ kernel: appendKernel, sizes, slots, threads: width });
  },
  reference([ring, values, step]) {
    ring.data.set(values.data, (step.data[0] % ring.shape[0]) * values.data.length);
  },
};

/**
 * ring[step mod capacity] = values, for a variable `ring` [capacity, ...values.shape] and the u32 [1] step counter. Throws
 * ShapeError where they do not fit.
 */
export const append = (ring: Tensor, values: Tensor, step: Tensor): Update =>
  update(appendRule, [ring, values, step], null);
