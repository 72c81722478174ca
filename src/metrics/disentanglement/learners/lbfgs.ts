// L-BFGS (Liu & Nocedal 1989): minimises a smooth convex function by the last few steps and gradients, with a backtracking
// line search that also asks for the curvature condition.

import { dot } from '../../../math/matrix';

/** Steps remembered. */
const MEMORY = 20;

/**
 * The minimum of a function near `start`. `evaluate` returns the value at a point and writes the gradient; the search ends
 * when `converged` says so of a gradient, after `maxIterations`, or when rounding leaves no step that goes down.
 */
export function lbfgs(
  evaluate: (point: Float64Array, gradient: Float64Array) => number,
  start: Float64Array,
  converged: (gradient: Float64Array) => boolean,
  maxIterations: number,
): Float64Array {
  let point: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(start.length);
  let value = evaluate(point, gradient);
  let past: { step: Float64Array; change: Float64Array; curvature: number }[] = [];
  for (let iteration = 0; iteration < maxIterations && !converged(gradient); iteration++) {
    const direction = descent(gradient, past);
    const slope = dot(direction, gradient);
    const found = lineSearch(evaluate, point, direction, value, slope, past.length === 0);
    if (found === undefined) {
      // Rounding has spoilt the memory: once more along the gradient, and then this is the minimum.
      if (past.length === 0) return point;
      past = [];
      continue;
    }
    const step = found.point.map((x, i) => x - point[i]);
    const change = found.gradient.map((g, i) => g - gradient[i]);
    const curvature = dot(step, change);
    if (curvature > 0) past = [...past, { step, change, curvature }].slice(-MEMORY);
    ({ point, gradient, value } = found);
  }
  return point;
}

/** The two-loop recursion: minus the inverse Hessian, as the past steps suggest it, times the gradient. */
function descent(
  gradient: Float64Array,
  past: readonly { step: Float64Array; change: Float64Array; curvature: number }[],
): Float64Array {
  const direction = gradient.map((g) => -g);
  const weights = past.map(() => 0);
  for (let k = past.length - 1; k >= 0; k--) {
    const { step, change, curvature } = past[k];
    weights[k] = dot(step, direction) / curvature;
    for (let i = 0; i < direction.length; i++) direction[i] -= weights[k] * change[i];
  }
  const last = past.at(-1);
  if (last !== undefined) {
    const scale = last.curvature / dot(last.change, last.change);
    for (let i = 0; i < direction.length; i++) direction[i] *= scale;
  }
  past.forEach(({ step, change, curvature }, k) => {
    const rest = weights[k] - dot(change, direction) / curvature;
    for (let i = 0; i < direction.length; i++) direction[i] += rest * step[i];
  });
  return direction;
}

/** A step that goes down enough (Armijo) and far enough (Wolfe), by bisection and doubling; undefined when there is none. */
function lineSearch(
  evaluate: (point: Float64Array, gradient: Float64Array) => number,
  point: Float64Array,
  direction: Float64Array,
  value: number,
  slope: number,
  first: boolean,
): { point: Float64Array; gradient: Float64Array; value: number } | undefined {
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let length = first ? Math.min(1, 1 / Math.sqrt(-slope)) : 1;
  let good: { point: Float64Array; gradient: Float64Array; value: number } | undefined;
  for (let attempt = 0; attempt < 30; attempt++) {
    const next = point.map((x, i) => x + length * direction[i]);
    const gradient = new Float64Array(point.length);
    const found = evaluate(next, gradient);
    if (!(found < value + 1e-4 * length * slope)) {
      high = length;
    } else {
      good = { point: next, gradient, value: found };
      if (dot(gradient, direction) >= 0.9 * slope) return good;
      low = length;
    }
    length = high === Number.POSITIVE_INFINITY ? 2 * length : (low + high) / 2;
  }
  return good;
}
