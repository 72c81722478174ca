// What importing a .wgsl file gives: see wgsl.mjs, which builds and tests share.
declare module '*.wgsl' {
  const kernel: import('./kernel').Kernel;
  export default kernel;
}
