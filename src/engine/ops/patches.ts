// The two halves of a convolution. `patches` cuts an image into the windows a convolution looks at, one row a window;
// `assemble` adds windows up to an image. They are adjoint, so each is the other's gradient, and convolution, transposed
// convolution and all their derivatives are a matrix product before or after one of them (the idea is im2col: Chellapilla,
// Puri & Simard 2006). Images are [..., height, width, channels].

import assembleKernel from '../../shaders/assemble.wgsl';
import type { Kernel } from '../../shaders/kernel';
import patchesKernel from '../../shaders/patches.wgsl';
import { ShapeError } from '../errors';
import { call } from '../graph/cpuPlan';
import { input, MOVE, output, type Plan, perThread, type Tuning } from '../graph/dispatch';
import { apply, defineOp } from '../graph/rule';
import { type Shape, sizeOf } from '../graph/shape';
import { type Data, reshape, type Signature, type Tensor } from '../graph/tensor';

/** Window, step and border of a convolution. */
export interface Window {
  /** Height and width of the kernel. */
  readonly kernel: readonly [number, number];
  /** 1 by default. */
  readonly stride?: number;
  /** Zeros around the image: one number for all sides, or [top, bottom, left, right]. 0 by default. */
  readonly padding?: number | readonly [number, number, number, number];
}

/** Everything the kernels need, from the image's and the window's sizes. */
interface Geometry {
  readonly images: number;
  readonly size: readonly [number, number];
  readonly channels: number;
  /** Windows down and across. */
  readonly windows: readonly [number, number];
  readonly kernel: readonly [number, number];
  readonly stride: number;
  readonly top: number;
  readonly left: number;
}

/** Zeros above, below, left and right of an image. */
export const bordersOf = ({ padding = 0 }: Window): readonly number[] =>
  typeof padding === 'number' ? [padding, padding, padding, padding] : padding;

function geometryOf(op: string, image: Shape, window: Window): Geometry {
  const { kernel, stride = 1 } = window;
  const [top, bottom, left, right] = bordersOf(window);
  const [height, width, channels] = image.slice(-3);
  const windows: [number, number] = [
    Math.floor((height + top + bottom - kernel[0]) / stride) + 1,
    Math.floor((width + left + right - kernel[1]) / stride) + 1,
  ];
  const counts = [top, bottom, left, right, stride - 1, kernel[0] - 1, kernel[1] - 1];
  const valid = counts.every((n) => Number.isInteger(n) && n >= 0);
  if (image.length < 3 || !valid || !(windows[0] >= 1 && windows[1] >= 1)) {
    throw new ShapeError(op, `the ${kernel.join('x')} window does not fit into [..., height, width, channels]`, [
      image,
    ]);
  }
  return { images: sizeOf(image.slice(0, -3)), size: [height, width], channels, windows, kernel, stride, top, left };
}

/** [..., rows of windows, columns of windows, kernel height x kernel width x channels] */
const windowsShape = (image: Shape, { windows, kernel, channels }: Geometry): Shape => [
  ...image.slice(0, -3),
  ...windows,
  kernel[0] * kernel[1] * channels,
];

function plan(tuning: Tuning, kernel: Kernel, geometry: Geometry, elements: number, operations: number): Plan {
  const { size, channels, windows, stride, top, left } = geometry;
  const flavour = channels % 4 === 0 ? 'vector' : 'scalar';
  const unit = channels % 4 === 0 ? 4 : 1;
  const threads = elements / unit;
  const sizes = [channels / unit, ...size, ...windows, ...geometry.kernel, stride, top, left];
  return perThread(tuning, { kernel, flavour, sizes, slots: [input(0), output], threads, operations });
}

const onCpu = (kernel: string, { images, size, channels, windows, kernel: taps, stride, top, left }: Geometry) =>
  call(kernel, [input(0), output], images, ...size, channels, ...windows, ...taps, stride, top, left);

/** Visits every (window entry, pixel) pair in the order of the windows, or -1 for a pixel in the border. */
function forEachPixel(geometry: Geometry, visit: (entry: number, pixel: number) => void): void {
  const { images, size, channels, windows, kernel, stride, top, left } = geometry;
  let entry = 0;
  for (let n = 0; n < images; n++)
    for (let wy = 0; wy < windows[0]; wy++)
      for (let wx = 0; wx < windows[1]; wx++)
        for (let ky = 0; ky < kernel[0]; ky++)
          for (let kx = 0; kx < kernel[1]; kx++) {
            const [y, x] = [wy * stride + ky - top, wx * stride + kx - left];
            const inside = y >= 0 && x >= 0 && y < size[0] && x < size[1];
            const pixel = ((n * size[0] + y) * size[1] + x) * channels;
            for (let c = 0; c < channels; c++) visit(entry++, inside ? pixel + c : -1);
          }
}

export const patchesRule = /* @__PURE__ */ defineOp<Window>({
  name: 'patches',
  infer([image], window) {
    return { shape: windowsShape(image.shape, geometryOf('patches', image.shape, window)), dtype: 'f32' };
  },
  kernels: ([image], { shape }, window, tuning) =>
    plan(tuning, patchesKernel, geometryOf('patches', image.shape, window), sizeOf(shape), 2 * MOVE),
  cpu: ([image], _output, window) => onCpu('patches', geometryOf('patches', image.shape, window)),
  gradient: ({ inputs: [image], options }, upstream) => [() => assemble(upstream, options, image.shape)],
  reference([image], result, window) {
    forEachPixel(geometryOf('patches', image.shape, window), (entry, pixel) => {
      result.data[entry] = pixel < 0 ? 0 : image.data[pixel];
    });
  },
});

interface AssembleOptions extends Window {
  readonly image: Shape;
}

function geometryOfParts(parts: Signature, { image, ...window }: AssembleOptions): Geometry {
  const geometry = geometryOf('assemble', image, window);
  const expected = windowsShape(image, geometry);
  if (
    sizeOf(parts.shape) !== sizeOf(expected) ||
    parts.shape[parts.shape.length - 1] !== expected[expected.length - 1]
  ) {
    throw new ShapeError('assemble', 'these are not the windows of the image', [parts.shape, expected, image]);
  }
  return geometry;
}

export const assembleRule = /* @__PURE__ */ defineOp<AssembleOptions>({
  name: 'assemble',
  infer([parts], options) {
    geometryOfParts(parts, options);
    return { shape: options.image, dtype: 'f32' };
  },
  kernels([parts], { shape }, options, tuning) {
    const geometry = geometryOfParts(parts, options);
    const taps = sizeOf(geometry.kernel.map((n) => Math.ceil(n / geometry.stride)));
    return plan(tuning, assembleKernel, geometry, sizeOf(shape), (1 + taps) * MOVE);
  },
  cpu: ([parts], _output, options) => onCpu('assemble', geometryOfParts(parts, options)),
  gradient: ({ inputs: [parts], options }, upstream) => [() => reshape(patches(upstream, options), parts.shape)],
  reference([parts], result, options) {
    const data: Data = result.data.fill(0);
    // A pixel receives its windows' entries in the order of the kernel's rows and columns, as in the kernel.
    const entries: number[][] = Array.from(data, () => []);
    const geometry = geometryOfParts(parts, options);
    forEachPixel(geometry, (entry, pixel) => {
      if (pixel >= 0) entries[pixel].push(entry);
    });
    const width = parts.shape[parts.shape.length - 1];
    for (const [pixel, own] of entries.entries()) {
      own.sort((a, b) => (a % width) - (b % width));
      for (const entry of own) data[pixel] = Math.fround(data[pixel] + parts.data[entry]);
    }
  },
});

/** The windows of images [..., height, width, channels]: [..., down, across, kernel height x kernel width x channels]. */
export const patches = (image: Tensor, window: Window): Tensor => apply(patchesRule, [image], window);

/** The image of shape `image` in which every pixel is the sum of the window entries that lie on it. */
export const assemble = (parts: Tensor, window: Window, image: Shape): Tensor =>
  apply(assembleRule, [parts], { ...window, image });
