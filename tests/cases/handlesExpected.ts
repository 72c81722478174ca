// The answers of every executor to the questions of handles.ts.

const f = Math.fround;

export const expectedHandles: Record<string, unknown> = {
  doubles: [f(126.1), f(127.1)],
  integers: [7, 4294967295],
  int32: 'InputError: write: w is f32: it takes Float32Array, Float64Array or an array of numbers, not Int32Array',
  text: 'InputError: write: w is f32: it takes Float32Array, Float64Array or an array of numbers, not String',
  hole: 'InputError: write: w is f32: entry 2 is undefined, not a number',
  short: 'ShapeError: write: w is f32 and was given 1 numbers; got [128]',
  negative: 'InputError: write: counter is u32: entry 0 is -1, not a whole number from 0 to 4294967295',
  unsigned: 'InputError: write: w is f32: it takes Float32Array, Float64Array or an array of numbers, not Uint32Array',
  copied: [1, 2, 3],
  numbers: [1.5, 2],
  view: [f(64.1), f(65.1)],
  viewOfView: [f(64.1)],
  constant: [1, 2, 3],
  operation:
    'InputError: read: the result of unary is not kept; make it the output of a program, or use evaluate({ y })',
  wrongType: 'InputError: the tensor is u32, not f32: use readIntegers',
  ordered: [f(0.1)],
  manyReads: [5, 0, 1, 2, 3, 4, 5, 6],
  halfAStep: 'InputError: run: the number of steps must be a whole number, not 2.5',
  nanSteps: 'InputError: run: the number of steps must be a whole number, not NaN',
  noOutput: 'InputError: read: the program has no output loss; there are: total',
  inherited: 'InputError: read: the program has no output toString; there are: total',
  outputType: 'InputError: output total is f32, not u32: use read',
  free: 'BusyError: free: variable w is used by 1 program; dispose of it first',
  keptBoth: [7, 7],
  freeView: 'ShapeError: free: only a variable can be freed; got [64]',
  total: [2 * 7 * 128],
  freeAfter: 'no error',
  afterFree: 0,
  overlap: 'ShapeError: assign: operand 1 is changed and shares memory with operand 2; got [128] and [128]',
};
