// Where the memory begins that kernels do not use themselves.

export const heap: usize = __heap_base;
