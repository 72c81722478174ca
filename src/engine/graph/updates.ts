// The updates that are no optimiser: setting a variable, counting steps, and keeping what each step measured.

import { ShapeError } from '../errors';
import { copyDispatch } from './copy';
import { input, single } from './dispatch';
import { sizeOf } from './shape';
import type { Tensor } from './tensor';
import { type Update, type UpdateRule, update } from './update';

const assignRule: UpdateRule<null> = {
  name: 'assign',
  kernels([target]) {
    const walk = { shape: [sizeOf(target.shape)], strides: [1] };
    return { dispatches: [copyDispatch('assign', input(1), input(0), walk)] };
  },
  reference: ([target, value]) => target.data.set(value.data),
};

/** target = value. Throws ShapeError when `target` is no variable or the sizes differ. */
export function assign(target: Tensor, value: Tensor): Update {
  if (
    target.source.kind !== 'variable' ||
    sizeOf(target.shape) !== sizeOf(value.shape) ||
    target.dtype !== value.dtype
  ) {
    throw new ShapeError('assign', 'takes a variable and a value of its size and type', [target.shape, value.shape]);
  }
  return update(assignRule, [target, value], null);
}

const incrementRule: UpdateRule<null> = {
  name: 'increment',
  kernels: () => single({ kernel: 'increment', sizes: [], slots: [input(0)], threads: 1 }),
  reference([counter]) {
    counter.data[0] += 1;
  },
};

/** counter += 1, for a u32 [1] variable. */
export const increment = (counter: Tensor): Update => update(incrementRule, [counter], null);

const appendRule: UpdateRule<null> = {
  name: 'append',
  kernels([ring, values]) {
    const width = sizeOf(values.shape);
    const sizes = [width, ring.shape[0]];
    const slots = [input(0), input(1), input(2)];
    return single({ kernel: 'append', sizes, slots, threads: width });
  },
  reference([ring, values, step]) {
    ring.data.set(values.data, (step.data[0] % ring.shape[0]) * values.data.length);
  },
};

/** ring[step mod capacity] = values, for a variable `ring` [capacity, ...values.shape] and the u32 [1] step counter. */
export function append(ring: Tensor, values: Tensor, step: Tensor): Update {
  if (ring.source.kind !== 'variable' || sizeOf(ring.shape) !== ring.shape[0] * sizeOf(values.shape)) {
    throw new ShapeError('append', 'the ring must be a variable [capacity, ...values]', [ring.shape, values.shape]);
  }
  return update(appendRule, [ring, values, step], null);
}
