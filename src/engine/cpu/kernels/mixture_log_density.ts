// Log densities of Gaussian mixtures at many points, over all components: of the whole point, and of the point without each coordinate. The
// twin of mixture_log_density.wgsl, which says how components are laid out. Four points are computed side by side.

import { add, exp4, log4, mul, splat, sub } from './lib/float';

/** At most three blocks of four coordinates. */
const POINT = memory.data(12 * 16, 16);
const AWAY = memory.data(12 * 16, 16);
const PULL = memory.data(12 * 16, 16);
const VALUE = memory.data(13 * 16, 16);
const OWN = memory.data(13 * 16, 16);
const SUM = memory.data(13 * 16, 16);

/** The sum of products of numbers from `a` on, `step` bytes apart, and vectors, four at a time as the kernel adds them. */
@inline
function blockwiseDot(a: usize, step: usize, b: usize, width: i32): v128 {
  let total = splat(0);
  for (let block = 0; block < width; block += 4) {
    let part = mul(v128.load32_splat(a), v128.load(b));
    part = add(part, mul(v128.load32_splat(a + step), v128.load(b, 16)));
    part = add(part, mul(v128.load32_splat(a + 2 * step), v128.load(b, 32)));
    part = add(part, mul(v128.load32_splat(a + 3 * step), v128.load(b, 48)));
    total = block == 0 ? part : add(total, part);
    a += 4 * step;
    b += 64;
  }
  return total;
}

/** The densities of the four points under one component, into VALUE. */
function densities(part: usize, width: i32, last: usize): void {
  const row = <usize>width << 2;
  for (let i = 0; i < width; i++) {
    const at = <usize>i << 4;
    v128.store(AWAY + at, sub(v128.load(POINT + at), v128.load32_splat(part + (<usize>i << 2))));
  }
  let square = splat(0);
  for (let block = 0; block < width; block += 4) {
    let own = splat(0);
    for (let i = block; i < block + 4; i++) {
      const at = <usize>i << 4;
      const pull = blockwiseDot(part + row + (<usize>i << 2), row, AWAY, width);
      v128.store(PULL + at, pull);
      const product = mul(v128.load(AWAY + at), pull);
      own = i == block ? product : add(own, product);
    }
    square = block == 0 ? own : add(square, own);
  }
  const whole = sub(v128.load32_splat(part + last), mul(splat(0.5), square));
  v128.store(VALUE, whole);
  const diagonal = part + row * <usize>(width + 1);
  for (let i = 0; i < width; i++) {
    const pull = v128.load(PULL + (<usize>i << 4));
    const at = diagonal + (<usize>i << 2);
    const rest = add(whole, mul(mul(splat(0.5), mul(pull, pull)), v128.load32_splat(at)));
    v128.store(VALUE + (<usize>(i + 1) << 4), sub(rest, v128.load32_splat(at + row)));
  }
}

/** Lane `lane` of every vector of VALUE, into OWN. */
function keepLane(lane: i32, width: i32): void {
  const at = <usize>lane << 2;
  for (let i = 0; i <= width; i++) {
    const vector = <usize>i << 4;
    store<f32>(OWN + vector + at, load<f32>(VALUE + vector + at));
  }
}

export function mixture_log_density(
  points: usize,
  parts: usize,
  out: usize,
  mixtures: i32,
  perMixture: i32,
  perComponent: i32,
  components: i32,
  blocks: i32,
): void {
  const width = 4 * blocks;
  const stride = <usize>(3 * blocks + 4 * blocks * blocks + 1) << 4;
  for (let mixture = 0; mixture < mixtures; mixture++) {
    for (let first = 0; first < perMixture; first += 4) {
      const count = min(4, perMixture - first);
      for (let lane = 0; lane < 4; lane++) {
        const from = points + (<usize>((first + min(lane, count - 1)) * width) << 2);
        for (let i = 0; i < width; i++)
          store<f32>(POINT + (<usize>i << 4) + (<usize>lane << 2), load<f32>(from + (<usize>i << 2)));
      }
      for (let lane = 0; lane < count; lane++) {
        densities(parts + <usize>((first + lane) / perComponent) * stride, width, stride - 16);
        keepLane(lane, width);
      }
      for (let lane = count; lane < 4; lane++) keepLane(lane, width);
      for (let i = 0; i <= width; i++) v128.store(SUM + (<usize>i << 4), splat(0));
      let part = parts;
      for (let n = 0; n < components; n++) {
        densities(part, width, stride - 16);
        for (let i = 0; i <= width; i++) {
          const at = <usize>i << 4;
          v128.store(SUM + at, add(v128.load(SUM + at), exp4(sub(v128.load(VALUE + at), v128.load(OWN + at)))));
        }
        part += stride;
      }
      for (let i = 0; i <= width; i++) {
        const at = <usize>i << 4;
        v128.store(SUM + at, add(v128.load(OWN + at), log4(v128.load(SUM + at))));
      }
      for (let lane = 0; lane < count; lane++) writePoint(out + (<usize>((first + lane) * (width + 4)) << 2), lane, width);
    }
    points += <usize>(perMixture * width) << 2;
    out += <usize>(perMixture * (width + 4)) << 2;
    parts += <usize>components * stride;
  }
}

@inline
function writePoint(to: usize, lane: i32, width: i32): void {
  const from = SUM + (<usize>lane << 2);
  v128.store(to, v128.load32_zero(from));
  for (let i = 0; i < width; i++) store<f32>(to + 16 + (<usize>i << 2), load<f32>(from + (<usize>(i + 1) << 4)));
}
