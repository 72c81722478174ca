// Threefry2x32 with 20 rounds: a counter-based generator (Salmon, Moraes, Dror, Shaw, "Parallel random numbers: as
// easy as 1, 2, 3", SC 2011). A pure function of key and counter, so a stream can be regenerated anywhere, such as
// in a gradient, without being stored. Twin: engine/random/threefry.ts.

fn rotate(x: u32, n: u32) -> u32 { return (x << n) | (x >> (32u - n)); }

fn mix(v: vec2u, n: u32) -> vec2u {
  let sum = v.x + v.y;
  return vec2u(sum, rotate(v.y, n) ^ sum);
}

fn threefry(key: vec2u, counter: vec2u) -> vec2u {
  let parity = key.x ^ key.y ^ 0x1BD11BDAu;
  var v = counter + key;
  v = mix(mix(mix(mix(v, 13u), 15u), 26u), 6u) + vec2u(key.y, parity + 1u);
  v = mix(mix(mix(mix(v, 17u), 29u), 16u), 24u) + vec2u(parity, key.x + 2u);
  v = mix(mix(mix(mix(v, 13u), 15u), 26u), 6u) + vec2u(key.x, key.y + 3u);
  v = mix(mix(mix(mix(v, 17u), 29u), 16u), 24u) + vec2u(key.y, parity + 4u);
  return mix(mix(mix(mix(v, 13u), 15u), 26u), 6u) + vec2u(parity, key.x + 5u);
}

// Uniform on the open interval (0, 1): 23 bits and a half, so neither end can appear.
fn uniformF(bits: u32) -> f32 { return (f32(bits >> 9u) + 0.5) * 1.1920928955078125e-7; }

// floor(bits * n / 2^32): an index below n whose bias is at most n / 2^32.
fn indexBelow(bits: u32, n: u32) -> u32 {
  let low = (bits & 0xffffu) * (n & 0xffffu);
  let middle = (bits >> 16u) * (n & 0xffffu) + (low >> 16u);
  let cross = (bits & 0xffffu) * (n >> 16u) + (middle & 0xffffu);
  return (bits >> 16u) * (n >> 16u) + (middle >> 16u) + (cross >> 16u);
}
