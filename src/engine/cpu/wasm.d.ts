// What importing the kernels' module gives: see cpu.mjs, which builds and tests share.
declare module '*/kernels.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}
