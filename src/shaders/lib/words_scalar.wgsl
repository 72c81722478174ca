// Kernels that only move data are written for a `Word` of bits: here one (see lib/words_vector).

alias Word = u32;
