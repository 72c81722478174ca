// Log densities of Gaussian mixtures at many points, over all components: of the whole point, and of the point without
// each coordinate. One product q = P d (P a component's precision, d = z - mean) gives them all:
//   log N(z) = (log |P| - d'q)/2, and log N(z_-i) = log N(z) + (q_i^2 / P_ii - log P_ii)/2, less constants.
// Exponentials are summed relative to the point's own component, whose density at the point is never negligible.
//
// Dimensions are padded to BLOCKS * 4 (at most 12); a component is `stride` vec4s: mean, P column by column, 1/P_ii and
// log(P_ii)/2 by coordinate, then (log |P|)/2. Point p of a mixture belongs to component p / perComponent. Constants
// -log(2 pi)/2 per dimension and -log N are left to the caller. A thread computes one point.
// uses lib/float
// uses lib/grid

override BLOCKS: u32 = 1;

struct Sizes { first: u32, end: u32, perMixture: u32, perComponent: u32, components: u32, stride: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> points: array<vec4f>;
@group(0) @binding(2) var<storage, read> parts: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> result: array<vec4f>;

struct Vector { a: vec4f, b: vec4f, c: vec4f }

// Log densities at one point under one component.
struct Densities { whole: f32, rest: Vector }

fn exp4(x: vec4f) -> vec4f { return vec4f(expF(x.x), expF(x.y), expF(x.z), expF(x.w)); }

fn log4(x: vec4f) -> vec4f { return vec4f(logF(x.x), logF(x.y), logF(x.z), logF(x.w)); }

// Four rows of P times d: P is symmetric, so four of its columns are four of its rows.
fn rows(base: u32, row: u32, d: Vector) -> vec4f {
  var q = rowBlock(base + row, d.a);
  if (BLOCKS > 1u) { q += rowBlock(base + row + 4u * BLOCKS, d.b); }
  if (BLOCKS > 2u) { q += rowBlock(base + row + 8u * BLOCKS, d.c); }
  return q;
}

fn rowBlock(at: u32, d: vec4f) -> vec4f {
  return parts[at] * d.x + parts[at + BLOCKS] * d.y + parts[at + 2u * BLOCKS] * d.z + parts[at + 3u * BLOCKS] * d.w;
}

fn withoutOne(at: u32, q: vec4f, whole: f32) -> vec4f { return whole + 0.5 * (q * q) * parts[at] - parts[at + BLOCKS]; }

fn dot4(a: vec4f, b: vec4f) -> f32 {
  let p = a * b;
  return ((p.x + p.y) + p.z) + p.w;
}

fn densities(base: u32, z: Vector) -> Densities {
  var d = Vector(z.a - parts[base], vec4f(), vec4f());
  if (BLOCKS > 1u) { d.b = z.b - parts[base + 1u]; }
  if (BLOCKS > 2u) { d.c = z.c - parts[base + 2u]; }
  let columns = base + BLOCKS;
  let diagonal = columns + 4u * BLOCKS * BLOCKS;
  let qa = rows(columns, 0u, d);
  var square = dot4(d.a, qa);
  var qb = vec4f();
  var qc = vec4f();
  if (BLOCKS > 1u) { qb = rows(columns, 1u, d); square += dot4(d.b, qb); }
  if (BLOCKS > 2u) { qc = rows(columns, 2u, d); square += dot4(d.c, qc); }
  let whole = parts[base + sizes.stride - 1u].x - 0.5 * square;
  var rest = Vector(withoutOne(diagonal, qa, whole), vec4f(), vec4f());
  if (BLOCKS > 1u) { rest.b = withoutOne(diagonal + 1u, qb, whole); }
  if (BLOCKS > 2u) { rest.c = withoutOne(diagonal + 2u, qc, whole); }
  return Densities(whole, rest);
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let point = sizes.first + flatIndex(id, groups);
  if (point >= sizes.end) { return; }
  var z = Vector(points[point * BLOCKS], vec4f(), vec4f());
  if (BLOCKS > 1u) { z.b = points[point * BLOCKS + 1u]; }
  if (BLOCKS > 2u) { z.c = points[point * BLOCKS + 2u]; }
  var base = (point / sizes.perMixture) * sizes.components * sizes.stride;
  let own = densities(base + (point % sizes.perMixture) / sizes.perComponent * sizes.stride, z);
  var whole = 0.0;
  var restA = vec4f();
  var restB = vec4f();
  var restC = vec4f();
  for (var n = 0u; n < sizes.components; n++) {
    let one = densities(base, z);
    whole += expF(one.whole - own.whole);
    restA += exp4(one.rest.a - own.rest.a);
    if (BLOCKS > 1u) { restB += exp4(one.rest.b - own.rest.b); }
    if (BLOCKS > 2u) { restC += exp4(one.rest.c - own.rest.c); }
    base += sizes.stride;
  }
  let at = point * (BLOCKS + 1u);
  result[at] = vec4f(own.whole + logF(whole), 0.0, 0.0, 0.0);
  result[at + 1u] = own.rest.a + log4(restA);
  if (BLOCKS > 1u) { result[at + 2u] = own.rest.b + log4(restB); }
  if (BLOCKS > 2u) { result[at + 3u] = own.rest.c + log4(restC); }
}
