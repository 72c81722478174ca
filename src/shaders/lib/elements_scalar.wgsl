// Kernels that move or combine whole rows are written for an `Element`: here one float (see lib/elements_vector).

alias Element = f32;
const ELEMENT_SIZE = 1u;

fn isNanIn(x: Element) -> bool { return (bitcast<u32>(x) & 0x7fffffffu) > 0x7f800000u; }
