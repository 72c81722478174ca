// The shapes of dSprites from their numbers, four pixels at a time: the twin of render_sprites.wgsl.

import { add, mul, splat, sub } from './lib/float';

const SPRITE: usize = 6 * 4;

@inline
function within(x: v128, limit: f32): v128 {
  return f32x4.le(f32x4.abs(x), splat(limit));
}

/** By the crossings of a line to the right with the edges: y of both ends, x of the first, and how x grows with y. */
@inline
function inHeart(u: v128, v: v128, outline: usize, edges: i32): v128 {
  const box = v128.and(within(u, 10), within(v, 10));
  if (!v128.any_true(box)) return box;
  let inside = splat(0);
  for (let e = 0; e < edges; e++) {
    const y = v128.load32_splat(outline);
    const crosses = v128.xor(f32x4.gt(y, v), f32x4.gt(v128.load32_splat(outline, 4), v));
    const x = add(v128.load32_splat(outline, 8), mul(sub(v, y), v128.load32_splat(outline, 12)));
    inside = v128.xor(inside, v128.and(crosses, f32x4.lt(u, x)));
    outline += 16;
  }
  return v128.and(inside, box);
}

@inline
function inShape(shape: f32, u: v128, v: v128, outline: usize, edges: i32): v128 {
  if (shape < 0.5) return v128.and(within(u, 9.6), within(v, 9.6));
  if (shape < 1.5) {
    const a = f32x4.div(u, splat(12.8));
    const b = f32x4.div(v, splat(7.2));
    return f32x4.le(add(mul(a, a), mul(b, b)), splat(1));
  }
  if (shape < 2.5) return inHeart(u, v, outline, edges);
  return f32x4.le(add(mul(u, u), mul(v, v)), splat(100));
}

/** `side` is a multiple of 4. */
export function render_sprites(sprites: usize, outline: usize, out: usize, images: i32, side: i32, edges: i32): void {
  for (let n = 0; n < images; n++) {
    const shape = load<f32>(sprites);
    const scale = v128.load32_splat(sprites, 4);
    const cosine = v128.load32_splat(sprites, 8);
    const sine = v128.load32_splat(sprites, 12);
    const x = v128.load32_splat(sprites, 16);
    const y = v128.load32_splat(sprites, 20);
    for (let row = 0; row < side; row++) {
      const dy = sub(splat(<f32>row + <f32>0.5), y);
      for (let column = 0; column < side; column += 4) {
        const centre = add(splat(<f32>column), f32x4(0.5, 1.5, 2.5, 3.5));
        const dx = sub(centre, x);
        const u = f32x4.div(sub(mul(cosine, dx), mul(sine, dy)), scale);
        const v = f32x4.div(add(mul(sine, dx), mul(cosine, dy)), scale);
        v128.store(out, v128.and(splat(1), inShape(shape, u, v, outline, edges)));
        out += 16;
      }
    }
    sprites += SPRITE;
  }
}
