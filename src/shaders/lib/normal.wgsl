// uses lib/float
// uses lib/threefry
//
// A standard normal from one random word by the inverse distribution function: Giles' single-precision erfinv
// ("Approximating the erfinv function", GPU Computing Gems, 2011) over our own logarithm. No sin, cos or built-in log,
// whose accuracy WGSL leaves open, so the whole noise stream of a model is reproducible. Twin: engine/random/normal.ts.

fn normalF(bits: u32) -> f32 {
  let u = 2.0 * uniformF(bits) - 1.0;
  let w = -logF((1.0 - u) * (1.0 + u));
  var p: f32;
  if (w < 5.0) {
    let v = w - 2.5;
    p = 2.81022636e-08;
    p = p * v + 3.43273939e-07;
    p = p * v - 3.5233877e-06;
    p = p * v - 4.39150654e-06;
    p = p * v + 0.00021858087;
    p = p * v - 0.00125372503;
    p = p * v - 0.00417768164;
    p = p * v + 0.246640727;
    p = p * v + 1.50140941;
  } else {
    let v = sqrt(w) - 3.0;
    p = -0.000200214257;
    p = p * v + 0.000100950558;
    p = p * v + 0.00134934322;
    p = p * v - 0.00367342844;
    p = p * v + 0.00573950773;
    p = p * v - 0.0076224613;
    p = p * v + 0.00943887047;
    p = p * v + 1.00167406;
    p = p * v + 2.83297682;
  }
  return 1.41421356237309505 * (p * u);
}

// The j-th normal of row `row` at `step`: two normals come out of one block, so a row of n uses ceil(n/2) blocks.
fn normalAt(key: vec2u, row: u32, width: u32, j: u32, step: u32) -> f32 {
  let block = threefry(key, vec2u(row * ((width + 1u) / 2u) + j / 2u, step));
  return normalF(select(block.x, block.y, (j & 1u) == 1u));
}
