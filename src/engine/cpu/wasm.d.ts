// What importing the kernels' module gives: see cpu.mjs, which builds and tests share.
declare module '*/kernels.wasm' {
  /** Bytes after gzip, as base64. */
  const compressed: string;
  export default compressed;
}
