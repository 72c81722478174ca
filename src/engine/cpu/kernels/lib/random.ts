// Random words and normals, four blocks at a time: the twins of shaders/lib/threefry.wgsl and normal.wgsl (Threefry2x32, 20 rounds:
// Salmon et al., SC 2011; the normals: Giles 2011).

import { add, horner, log4, mul, select4, splat, sub } from './float';

const PARITY: u32 = 0x1bd11bda;

/** The words of the last blocks: WebAssembly functions that are not inlined give one value. */
export let wordsX: v128 = i32x4.splat(0);
export let wordsY: v128 = i32x4.splat(0);

@inline
function rotated(y: v128, n: i32): v128 {
  return v128.or(i32x4.shl(y, n), i32x4.shr_u(y, 32 - n));
}

/** Blocks `counter` ... `counter + 3` under a key, at a step, into `wordsX` and `wordsY`. */
@inline
export function threefry4(key0: u32, key1: u32, counter: u32, step: u32): void {
  threefryPairs(key0, key1, i32x4.add(i32x4.splat(counter), i32x4(0, 1, 2, 3)), i32x4.splat(step));
}

/** Blocks of four counters of two words each. */
export function threefryPairs(key0: u32, key1: u32, counter0: v128, counter1: v128): void {
  const key2 = key0 ^ key1 ^ PARITY;
  let x = i32x4.add(counter0, i32x4.splat(key0));
  let y = i32x4.add(counter1, i32x4.splat(key1));
  let injected0 = key1;
  let injected1 = key2;
  let injected2 = key0;
  for (let fourth: u32 = 1; fourth <= 5; fourth++) {
    if (fourth & 1) {
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 13), x);
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 15), x);
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 26), x);
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 6), x);
    } else {
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 17), x);
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 29), x);
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 16), x);
      x = i32x4.add(x, y);
      y = v128.xor(rotated(y, 24), x);
    }
    x = i32x4.add(x, i32x4.splat(injected0));
    y = i32x4.add(y, i32x4.splat(injected1 + fourth));
    const next = injected0;
    injected0 = injected1;
    injected1 = injected2;
    injected2 = next;
  }
  wordsX = x;
  wordsY = y;
}

/** Uniform on the open interval (0, 1): 23 bits and a half. */
@inline
export function uniform4(bits: v128): v128 {
  return mul(add(f32x4.convert_i32x4_u(i32x4.shr_u(bits, 9)), splat(0.5)), splat(1.1920928955078125e-7));
}

/** Standard normals. */
export function normal4(bits: v128): v128 {
  const u = sub(mul(splat(2), uniform4(bits)), splat(1));
  const w = f32x4.neg(log4(mul(sub(splat(1), u), add(splat(1), u))));
  const x = sub(w, splat(2.5));
  let central = splat(2.81022636e-8);
  central = horner(central, x, 3.43273939e-7);
  central = horner(central, x, -3.5233877e-6);
  central = horner(central, x, -4.39150654e-6);
  central = horner(central, x, 0.00021858087);
  central = horner(central, x, -0.00125372503);
  central = horner(central, x, -0.00417768164);
  central = horner(central, x, 0.246640727);
  central = horner(central, x, 1.50140941);
  const isCentral = f32x4.lt(w, splat(5));
  if (!i32x4.all_true(isCentral)) {
    const y = sub(f32x4.sqrt(w), splat(3));
    let tail = splat(-0.000200214257);
    tail = horner(tail, y, 0.000100950558);
    tail = horner(tail, y, 0.00134934322);
    tail = horner(tail, y, -0.00367342844);
    tail = horner(tail, y, 0.00573950773);
    tail = horner(tail, y, -0.0076224613);
    tail = horner(tail, y, 0.00943887047);
    tail = horner(tail, y, 1.00167406);
    tail = horner(tail, y, 2.83297682);
    central = select4(central, tail, isCentral);
  }
  return mul(splat(1.4142135623730951), mul(central, u));
}

/** The first `count` of the eight values of four blocks, in order: x of the first, y of the first, x of the second, ... */
@inline
export function storeBlocks(to: usize, x: v128, y: v128, count: i32): void {
  const low = i32x4.shuffle(x, y, 0, 4, 1, 5);
  const high = i32x4.shuffle(x, y, 2, 6, 3, 7);
  if (count >= 8) {
    v128.store(to, low);
    v128.store(to, high, 16);
    return;
  }
  for (let i = 0; i < count; i++) store<u32>(to + (<usize>i << 2), i < 4 ? lane(low, i) : lane(high, i - 4));
}

@inline
function lane(v: v128, i: i32): u32 {
  if (i == 0) return i32x4.extract_lane(v, 0);
  if (i == 1) return i32x4.extract_lane(v, 1);
  if (i == 2) return i32x4.extract_lane(v, 2);
  return i32x4.extract_lane(v, 3);
}

/** `blocks` pairs of normals from counter 0 on: what the rows of a replica draw, where a row has a whole number of blocks. */
export function normals(to: usize, blocks: i32, key0: u32, key1: u32, step: u32): void {
  for (let block = 0; block < blocks; block += 4) {
    threefry4(key0, key1, block, step);
    storeBlocks(to, normal4(wordsX), normal4(wordsY), 2 * (blocks - block));
    to += 32;
  }
}
