// The ceilings of a core, as the products meet them: the twins of probe_multiply_add.wgsl, probe_copy.wgsl and probe_nothing.wgsl.

import { add, mul } from './lib/float';

/**
 * For each of `threads`, 64 multiply-adds of four numbers a turn, on eight running sums: two loads and four numbers in registers make
 * eight products, which is what a tile of a product does, without its splats. Everything is in the nearest cache.
 */
export function probe_multiply_add(x: usize, out: usize, threads: i32, turns: i32): void {
  const a = v128.load32_splat(x);
  const b = v128.load32_splat(x, 4);
  const c = v128.load32_splat(x, 8);
  const d = v128.load32_splat(x, 12);
  let s0 = a;
  let s1 = a;
  let s2 = b;
  let s3 = b;
  let s4 = c;
  let s5 = c;
  let s6 = d;
  let s7 = d;
  for (let i = 0; i < threads; i++) {
    for (let turn = 0; turn < turns; turn++) {
      for (let at = x; at < x + 256; at += 32) {
        const p = v128.load(at);
        const q = v128.load(at, 16);
        s0 = add(s0, mul(a, p));
        s1 = add(s1, mul(a, q));
        s2 = add(s2, mul(b, p));
        s3 = add(s3, mul(b, q));
        s4 = add(s4, mul(c, p));
        s5 = add(s5, mul(c, q));
        s6 = add(s6, mul(d, p));
        s7 = add(s7, mul(d, q));
      }
    }
  }
  v128.store(out, add(add(add(s0, s1), add(s2, s3)), add(add(s4, s5), add(s6, s7))));
}

/** 16 bytes for each of `threads`. */
export function probe_copy(x: usize, out: usize, threads: i32, turns: i32): void {
  for (const end = out + (<usize>threads << 4); out < end; out += 16) {
    v128.store(out, v128.load(x));
    x += 16;
  }
}

export function probe_nothing(x: usize, out: usize, threads: i32, turns: i32): void {
  store<f32>(out, load<f32>(x));
}
