// Points stored coordinate by coordinate, [problems, dimensions, stride], met four at a time. The kernel declares `sizes`
// with `points` and `stride`, and binds the coordinates twice: `fours` as array<vec4f>, `coordinates` as array<f32>.

// A point's first four coordinates of a variable, kept in registers, and where the others are.
struct Own { first: vec4f, entry: u32 }

fn ownPoint(entry: u32, dimensions: u32) -> Own {
  var first = vec4f(coordinates[entry], 0.0, 0.0, 0.0);
  if (dimensions > 1u) { first.y = coordinates[entry + sizes.stride]; }
  if (dimensions > 2u) { first.z = coordinates[entry + 2u * sizes.stride]; }
  if (dimensions > 3u) { first.w = coordinates[entry + 3u * sizes.stride]; }
  return Own(first, entry);
}

// Max-norm distances to four points over `dimensions` coordinates whose first row begins at vec4 `at`.
fn distances(at: u32, dimensions: u32, own: Own) -> vec4f {
  let row = sizes.stride / 4u;
  var largest = abs(fours[at] - own.first.x);
  if (dimensions > 1u) { largest = max(largest, abs(fours[at + row] - own.first.y)); }
  if (dimensions > 2u) { largest = max(largest, abs(fours[at + 2u * row] - own.first.z)); }
  if (dimensions > 3u) { largest = max(largest, abs(fours[at + 3u * row] - own.first.w)); }
  if (dimensions > 4u) {
    for (var d = 4u; d < dimensions; d++) {
      largest = max(largest, abs(fours[at + d * row] - coordinates[own.entry + d * sizes.stride]));
    }
  }
  return largest;
}

// The four points from `index` on that exist and are not the point itself.
fn others(own: u32, index: vec4u) -> vec4<bool> {
  return (index < vec4u(sizes.points)) & (index != vec4u(own));
}
