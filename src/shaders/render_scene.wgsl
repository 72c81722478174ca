// A room with one object, ray by ray: [scenes, 3, side, side]. A scene is 13 numbers: red, green and blue of floor, walls
// and object, the object's scale, its shape (0 cube, 1 cylinder, 2 sphere, 3 capsule), cosine and sine of the camera's
// azimuth. Floor and walls are planes; the object is a signed distance that a ray is marched along inside the sphere
// around it (Hart, "Sphere tracing", 1996). Sums are written out, since the order in dot and length is left open.
// A thread computes one pixel. Accuracy: colours to about 1e-5, but a ray that grazes an edge may fall on either side.
// uses lib/grid

struct Sizes { first: u32, end: u32, side: u32 }

@group(0) @binding(0) var<uniform> sizes: Sizes;
@group(0) @binding(1) var<storage, read> scenes: array<f32>;
@group(0) @binding(2) var<storage, read_write> pixels: array<f32>;

const NUMBERS = 13u;
const EYE_DISTANCE = 3.0;
const EYE_HEIGHT = 2.0;
const PITCH = vec2f(0.9285, 0.3713567);  // cosine and sine
const VIEW = 0.5;                        // tangent of half the angle of view
const WALL = 4.0;
const LIGHT = vec3f(0.4, 0.8, 0.4472136);
const AMBIENT = 0.4;
const DIFFUSE = 0.6;
const STEPS = 40u;
const NEAR = 0.001;
const BOUND_SQUARED = 1.21;              // of the radius of the sphere around an object of scale 1
const NUDGE = 0.01;

fn norm(v: vec3f) -> f32 { return sqrt(v.x * v.x + v.y * v.y + v.z * v.z); }

fn inner(a: vec3f, b: vec3f) -> f32 { return a.x * b.x + a.y * b.y + a.z * b.z; }

fn halfHeight(shape: f32) -> f32 {
  if (shape < 1.5) { return 0.6; }
  if (shape < 2.5) { return 0.7; }
  return 0.75;
}

// From a point to the surface of an object of scale 1 about the origin.
fn distanceTo(shape: f32, p: vec3f) -> f32 {
  if (shape < 0.5) {
    let q = vec3f(abs(p.x) - 0.6, abs(p.y) - 0.6, abs(p.z) - 0.6);
    return norm(max(q, vec3f(0.0))) + min(max(max(q.x, q.y), q.z), 0.0);
  }
  if (shape < 1.5) {
    let a = sqrt(p.x * p.x + p.z * p.z) - 0.6;
    let b = abs(p.y) - 0.6;
    return norm(vec3f(max(a, 0.0), max(b, 0.0), 0.0)) + min(max(a, b), 0.0);
  }
  if (shape < 2.5) { return norm(p) - 0.7; }
  return norm(vec3f(p.x, p.y - clamp(p.y, -0.35, 0.35), p.z)) - 0.4;
}

fn shade(normal: vec3f) -> f32 { return AMBIENT + DIFFUSE * max(inner(normal, LIGHT), 0.0); }

fn slope(shape: f32, p: vec3f) -> vec3f {
  let x = vec3f(NUDGE, 0.0, 0.0);
  let y = vec3f(0.0, NUDGE, 0.0);
  let z = vec3f(0.0, 0.0, NUDGE);
  return vec3f(
    distanceTo(shape, p + x) - distanceTo(shape, p - x),
    distanceTo(shape, p + y) - distanceTo(shape, p - y),
    distanceTo(shape, p + z) - distanceTo(shape, p - z),
  );
}

// How bright the object is where a ray meets it, or -1. The ray is in units of the object, about its middle.
fn object(shape: f32, eye: vec3f, ray: vec3f) -> f32 {
  let b = inner(eye, ray);
  let c = inner(eye, eye) - BOUND_SQUARED;
  let inside = b * b - c;
  if (inside < 0.0) { return -1.0; }
  let root = sqrt(inside);
  var t = -b - root;
  for (var i = 0u; i < STEPS; i++) {
    let p = eye + t * ray;
    let d = distanceTo(shape, p);
    if (d < NEAR) {
      let n = slope(shape, p);
      return shade(n / max(norm(n), 1e-6));
    }
    t += d;
    if (t > root - b) { return -1.0; }
  }
  return -1.0;
}

// How far along a ray the wall of one axis is.
fn wallAt(eye: f32, ray: f32) -> f32 {
  if (abs(ray) < 1e-6) { return 1e6; }
  return (select(-WALL, WALL, ray > 0.0) - eye) / ray;
}

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let i = sizes.first + flatIndex(id, groups);
  if (i >= sizes.end) { return; }
  let area = sizes.side * sizes.side;
  let at = (i / area) * NUMBERS;
  let place = i % area;
  let scale = scenes[at + 9u];
  let shape = scenes[at + 10u];
  let c = scenes[at + 11u];
  let s = scenes[at + 12u];

  let px = VIEW * ((2.0 * f32(place % sizes.side) + 1.0) / f32(sizes.side) - 1.0);
  let py = VIEW * (1.0 - (2.0 * f32(place / sizes.side) + 1.0) / f32(sizes.side));
  let ahead = PITCH.x + py * PITCH.y;
  let far = vec3f(px * c - ahead * s, py * PITCH.x - PITCH.y, -(px * s) - ahead * c);
  let ray = far / norm(far);
  let eye = vec3f(EYE_DISTANCE * s, EYE_HEIGHT, EYE_DISTANCE * c);

  let middle = vec3f(0.0, scale * halfHeight(shape), 0.0);
  var bright = object(shape, (eye - middle) / scale, ray);
  var colour = at + 6u;
  if (bright < 0.0) {
    let wallX = wallAt(eye.x, ray.x);
    let wallZ = wallAt(eye.z, ray.z);
    let ground = select(1e6, EYE_HEIGHT / -ray.y, ray.y < -1e-6);
    if (ground < min(wallX, wallZ)) {
      bright = shade(vec3f(0.0, 1.0, 0.0));
      colour = at;
    } else {
      let across = wallX < wallZ;
      bright = shade(vec3f(select(0.0, -sign(ray.x), across), 0.0, select(-sign(ray.z), 0.0, across)));
      colour = at + 3u;
    }
  }
  let first = (i / area) * 3u * area + place;
  for (var k = 0u; k < 3u; k++) { pixels[first + k * area] = bright * scenes[colour + k]; }
}
