// uses lib/float
//
// The functions of two numbers, by the names of the table in engine/ops/binary.ts; a pipeline is made with one of them true. A NaN
// in either operand stays a NaN, and compares as nothing: in the first by the way the comparisons are written, or by its bits.

override ADD = false;
override SUB = false;
override MUL = false;
override DIV = false;
override MAXIMUM = false;
override MINIMUM = false;
override WHERE_POSITIVE = false;
override WHERE_NOT_POSITIVE = false;
override LESS = false;
override LESS_EQUAL = false;
override EQUAL = false;
override NOT_EQUAL = false;

fn compared(x: f32, y: f32, holds: bool) -> f32 { return select(0.0, 1.0, holds && !isNan(x) && !isNan(y)); }

fn combine(x: f32, y: f32) -> f32 {
  if (ADD) { return x + y; }
  if (SUB) { return x - y; }
  if (MUL) { return x * y; }
  if (DIV) { return x / y; }
  if (MAXIMUM) { return select(x, y, x < y || isNan(y)); }
  if (MINIMUM) { return select(x, y, x > y || isNan(y)); }
  if (WHERE_POSITIVE) { return select(0.0, x, y > 0.0); }
  if (WHERE_NOT_POSITIVE) { return select(0.0, x, y <= 0.0); }
  if (LESS) { return compared(x, y, x < y); }
  if (LESS_EQUAL) { return compared(x, y, x <= y); }
  if (EQUAL) { return compared(x, y, x == y); }
  if (NOT_EQUAL) { return 1.0 - compared(x, y, x == y); }
  return 0.0;
}
