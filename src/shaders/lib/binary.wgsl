// uses lib/float
//
// The functions of two numbers, in the order of the table in engine/ops/binary.ts. A NaN in either operand stays
// a NaN: in the first by the way the comparisons are written, in the second by its bits.

override FUNCTION: u32 = 0;

fn combine(x: f32, y: f32) -> f32 {
  switch FUNCTION {
    case 0u: { return x + y; }
    case 1u: { return x - y; }
    case 2u: { return x * y; }
    case 3u: { return x / y; }
    case 4u: { return select(x, y, x < y || isNan(y)); }  // maximum
    case 5u: { return select(x, y, x > y || isNan(y)); }  // minimum
    case 6u: { return select(0.0, x, y > 0.0); } // x where y is positive
    default: { return select(0.0, x, y <= 0.0); }  // x where y is not positive
  }
}
