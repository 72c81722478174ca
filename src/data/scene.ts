// The renderer of `shapes3d` as an op: a room, an object, a camera that goes round it. The kernel says how; this is its twin.

import { apply, defineOp, input, output, perThread, ShapeError, sizeOf, type Tensor } from '../engine';
import renderSceneKernel from '../shaders/render_scene.wgsl';

const f = Math.fround;

/** Numbers of a scene: colours of floor, walls and object, scale, shape, cosine and sine of the camera's azimuth. */
export const SCENE_NUMBERS = 13;

const EYE_DISTANCE = 3;
const EYE_HEIGHT = 2;
const PITCH_COSINE = f(0.9285);
const PITCH_SINE = f(0.3713567);
const VIEW = f(0.5);
const WALL = 4;
const LIGHT: Vector = [f(0.4), f(0.8), f(0.4472136)];
const AMBIENT = f(0.4);
const DIFFUSE = f(0.6);
const STEPS = 40;
const NEAR = f(0.001);
const BOUND_SQUARED = f(1.21);
const NUDGE = f(0.01);
const FLAT = f(1e-6);
const FAR = 1e6;
const UP: Vector = [0, 1, 0];
const [HALF, SPHERE, TALL, SEGMENT] = [f(0.6), f(0.7), f(0.75), f(0.35)];

type Vector = readonly [number, number, number];

const inner = (a: Vector, b: Vector): number => f(f(f(a[0] * b[0]) + f(a[1] * b[1])) + f(a[2] * b[2]));
const norm = (v: Vector): number => f(Math.sqrt(inner(v, v)));

const halfHeight = (shape: number): number => (shape < 1.5 ? HALF : shape < 2.5 ? SPHERE : TALL);

function distanceTo(shape: number, [x, y, z]: Vector): number {
  if (shape < 0.5) {
    const [a, b, c] = [x, y, z].map((each) => f(Math.abs(each) - HALF));
    return f(norm([Math.max(a, 0), Math.max(b, 0), Math.max(c, 0)]) + Math.min(Math.max(a, b, c), 0));
  }
  if (shape < 1.5) {
    const a = f(f(Math.sqrt(f(f(x * x) + f(z * z)))) - HALF);
    const b = f(Math.abs(y) - HALF);
    return f(norm([Math.max(a, 0), Math.max(b, 0), 0]) + Math.min(Math.max(a, b), 0));
  }
  if (shape < 2.5) return f(norm([x, y, z]) - SPHERE);
  return f(norm([x, f(y - Math.min(Math.max(y, -SEGMENT), SEGMENT)), z]) - f(0.4));
}

const shade = (normal: Vector): number => f(AMBIENT + f(DIFFUSE * Math.max(inner(normal, LIGHT), 0)));

function slope(shape: number, [x, y, z]: Vector): Vector {
  const between = (after: Vector, before: Vector) => f(distanceTo(shape, after) - distanceTo(shape, before));
  return [
    between([f(x + NUDGE), y, z], [f(x - NUDGE), y, z]),
    between([x, f(y + NUDGE), z], [x, f(y - NUDGE), z]),
    between([x, y, f(z + NUDGE)], [x, y, f(z - NUDGE)]),
  ];
}

function object(shape: number, eye: Vector, ray: Vector): number {
  const b = inner(eye, ray);
  const c = f(inner(eye, eye) - BOUND_SQUARED);
  const inside = f(f(b * b) - c);
  if (inside < 0) return -1;
  const root = f(Math.sqrt(inside));
  let t = f(-b - root);
  for (let i = 0; i < STEPS; i++) {
    const p: Vector = [f(eye[0] + f(t * ray[0])), f(eye[1] + f(t * ray[1])), f(eye[2] + f(t * ray[2]))];
    const d = distanceTo(shape, p);
    if (d < NEAR) {
      const n = slope(shape, p);
      const length = Math.max(norm(n), FLAT);
      return shade([f(n[0] / length), f(n[1] / length), f(n[2] / length)]);
    }
    t = f(t + d);
    if (t > f(root - b)) return -1;
  }
  return -1;
}

const wallAt = (eye: number, ray: number): number =>
  Math.abs(ray) < FLAT ? FAR : f(f((ray > 0 ? WALL : -WALL) - eye) / ray);

/** How bright a pixel is, and which of the scene's colours it has: 0 floor, 1 walls, 2 object. */
function look(scene: ArrayLike<number>, side: number, place: number): readonly [bright: number, colour: number] {
  const [scale, shape, c, s] = [scene[9], scene[10], scene[11], scene[12]];
  const px = f(VIEW * f(f((2 * (place % side) + 1) / side) - 1));
  const py = f(VIEW * f(1 - f((2 * Math.floor(place / side) + 1) / side)));
  const ahead = f(PITCH_COSINE + f(py * PITCH_SINE));
  const far: Vector = [f(f(px * c) - f(ahead * s)), f(f(py * PITCH_COSINE) - PITCH_SINE), f(-f(px * s) - f(ahead * c))];
  const length = norm(far);
  const ray: Vector = [f(far[0] / length), f(far[1] / length), f(far[2] / length)];
  const eye: Vector = [f(EYE_DISTANCE * s), EYE_HEIGHT, f(EYE_DISTANCE * c)];
  const above = f(eye[1] - f(scale * halfHeight(shape)));
  const seen = object(shape, [f(eye[0] / scale), f(above / scale), f(eye[2] / scale)], ray);
  if (seen >= 0) return [seen, 2];
  const [wallX, wallZ] = [wallAt(eye[0], ray[0]), wallAt(eye[2], ray[2])];
  const ground = ray[1] < -FLAT ? f(EYE_HEIGHT / -ray[1]) : FAR;
  if (ground < Math.min(wallX, wallZ)) return [shade(UP), 0];
  return [shade(wallX < wallZ ? [-Math.sign(ray[0]), 0, 0] : [0, 0, -Math.sign(ray[2])]), 1];
}

export const sceneRule = /* @__PURE__ */ defineOp<{ readonly side: number }>({
  name: 'renderScene',
  infer([scenes], { side }) {
    if (scenes.shape.length !== 2 || scenes.shape[1] !== SCENE_NUMBERS) {
      throw new ShapeError('renderScene', `takes [scenes, ${SCENE_NUMBERS}]`, [scenes.shape]);
    }
    return { shape: [scenes.shape[0], 3, side, side], dtype: 'f32' };
  },
  kernels([scenes], _output, { side }, tuning) {
    const threads = scenes.shape[0] * side * side;
    return perThread(tuning, {
      kernel: renderSceneKernel,
      sizes: [side],
      slots: [input(0), output],
      threads,
      operations: 5000,
    });
  },
  gradient: { reason: 'a rendered image is data' },
  reference([scenes], result, { side }) {
    const area = side * side;
    for (let i = 0; i < sizeOf(result.shape) / 3; i++) {
      const n = Math.floor(i / area);
      const scene = scenes.data.subarray(n * SCENE_NUMBERS, (n + 1) * SCENE_NUMBERS);
      const [bright, colour] = look(scene, side, i % area);
      for (let k = 0; k < 3; k++) result.data[(3 * n + k) * area + (i % area)] = f(bright * scene[3 * colour + k]);
    }
  },
});

/** Images [n, 3, side, side] of scenes [n, 13]. */
export const renderScene = (scenes: Tensor, side: number): Tensor => apply(sceneRule, [scenes], { side });
