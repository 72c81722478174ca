// Sine and cosine in plain f32 arithmetic, since WGSL allows its own to be wrong by 2^-11. The angle is brought to
// |r| <= pi/4 by subtracting a multiple of pi/2 in three parts (Cody & Waite), then the polynomials of the Cephes library.
// About 1 ULP for |x| up to 8192; NaN beyond, where the multiple is no longer exact. Twins: engine/numeric.ts.

// sin (turn 0) or cos (turn 1) of x.
fn wave(x: f32, turn: u32) -> f32 {
  let n = floor(x * 0.636619772367581343 + 0.5);
  let r = x - n * 1.5703125 - n * 4.837512969970703e-4 - n * 7.549789948768648e-8;
  let z = r * r;
  let sine = r + r * (z * (-1.6666654611e-1 + z * (8.3321608736e-3 + z * -1.9515295891e-4)));
  let cosine = 1.0 - 0.5 * z + z * z * (4.166664568298827e-2 + z * (-1.388731625493765e-3 + z * 2.443315711809948e-5));
  let quadrant = u32(i32(n) & 3) + turn;
  let value = select(sine, cosine, quadrant % 2u == 1u);
  return select(value, -value, (quadrant & 2u) != 0u);
}

// NaN is chosen as bits: WGSL refuses it as a constant.
fn withinReach(x: f32, value: f32) -> f32 {
  return bitcast<f32>(select(0x7fc00000u, bitcast<u32>(value), abs(x) <= 8192.0));
}

fn sinF(x: f32) -> f32 { return withinReach(x, wave(x, 0u)); }

fn cosF(x: f32) -> f32 { return withinReach(x, wave(x, 1u)); }
