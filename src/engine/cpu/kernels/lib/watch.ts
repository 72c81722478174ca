// What every optimiser sees to: the first step whose gradient is not finite. Finiteness is a test of bits.

/** `seen`, with bits set where any of four numbers is infinite or NaN. */
@inline
export function watch(seen: v128, x: v128): v128 {
  const exponent = i32x4.splat(0x7f800000);
  return v128.or(seen, i32x4.eq(v128.and(x, exponent), exponent));
}
