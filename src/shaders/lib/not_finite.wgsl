// uses lib/float
//
// What every optimiser does with a gradient that is not finite: the kernel's `nonFinite` keeps the first step it was seen
// at. A loop of at most one turn: see lib/strided.

fn raise(g: vec4f) {
  var bad = !allFinite(g);
  while (bad) {
    atomicMin(&nonFinite, step[0]);
    bad = false;
  }
}
