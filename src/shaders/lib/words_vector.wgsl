// Kernels that only move data are written for a `Word` of bits: here four at a time.

alias Word = vec4u;
