// Kernels that move or combine whole rows are written for an `Element`: here four floats, for rows that are multiples
// of 4. A software adapter moves them about six times faster than single floats.

alias Element = vec4f;
const ELEMENT_SIZE = 4u;

fn isNanIn(x: Element) -> vec4<bool> { return (bitcast<vec4u>(x) & vec4u(0x7fffffffu)) > vec4u(0x7f800000u); }
