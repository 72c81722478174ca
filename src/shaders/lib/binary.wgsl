// uses lib/float
//
// The functions of two numbers, in the order of the table in engine/ops/binary.ts. Comparisons are written so that a
// NaN in the first operand stays a NaN.

override FUNCTION: u32 = 0;

fn combine(x: f32, y: f32) -> f32 {
  switch FUNCTION {
    case 0u: { return x + y; }
    case 1u: { return x - y; }
    case 2u: { return x * y; }
    case 3u: { return x / y; }
    case 4u: { return select(x, y, x < y); }     // maximum
    case 5u: { return select(x, y, x > y); }     // minimum
    case 6u: { return select(0.0, x, y > 0.0); } // x where y is positive
    default: { return select(0.0, x, y <= 0.0); }  // x where y is not positive
  }
}
