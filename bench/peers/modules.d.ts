// Modules that only the bundler knows: see run.mjs.

/** A .wasm file as its bytes. */
declare module '*.wasm' {
  const bytes: Uint8Array<ArrayBuffer>;
  export default bytes;
}

/** A copy of jax-js of its own for each device. */
declare module 'jax-for-webgpu' {
  export * from '@jax-js/jax';
}
declare module 'jax-for-wasm' {
  export * from '@jax-js/jax';
}
