// `using` and top-level await need a browser of 2025; tell the build so.
export default { build: { target: 'es2022' } };
