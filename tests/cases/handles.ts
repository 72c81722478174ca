// What an executor promises of its handles: data it takes and refuses, reads of views, memory that is in use. The same
// questions to every executor, which must give the same answers.

import {
  add,
  assign,
  constant,
  cos,
  type DataLike,
  type Executor,
  exp,
  increment,
  max,
  maximum,
  minimum,
  mul,
  scalar,
  sin,
  sum,
  variable,
  view,
} from '../../src/engine';

/** "no error", or the name and message of what `work` throws, now or later. */
async function said(work: () => unknown): Promise<string> {
  try {
    await work();
    return 'no error';
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  }
}

export async function handles(executor: Executor): Promise<Record<string, unknown>> {
  const answers: Record<string, unknown> = {};
  const w = variable('w', [128]);
  const counter = variable('counter', [2], 'u32');
  const ramp = Float64Array.from({ length: 128 }, (_, i) => i + 0.1);

  // Data: converted, copied, or refused by name.
  executor.write(w, ramp);
  answers.doubles = Array.from((await executor.read(w)).subarray(126));
  executor.write(counter, [7, 4294967295]);
  answers.integers = Array.from(await executor.readIntegers(counter));
  const refused = (data: unknown) => said(() => executor.write(w, data as DataLike));
  answers.int32 = await refused(new Int32Array(128));
  answers.text = await refused('text');
  answers.hole = await refused([1, 2, ...new Array(126)]);
  answers.short = await refused([1]);
  answers.negative = await said(() => executor.write(counter, [-1, 0]));
  answers.unsigned = await refused(new Uint32Array(128));
  const given = Float32Array.of(1, 2, 3);
  const fixed = constant(given);
  given.fill(9);
  answers.copied = Array.from((await executor.evaluate({ y: mul(fixed, scalar(1)) })).y);
  answers.numbers = Array.from((await executor.evaluate({ y: add(constant([0.5, 1]), scalar(1)) })).y);

  // Reads: views and constants have values, operations have not; what is written later is not seen.
  answers.view = Array.from(await executor.read(view(w, 64, [2])));
  answers.viewOfView = Array.from(await executor.read(view(view(w, 64, [64]), 0, [1])));
  answers.constant = Array.from(await executor.read(fixed));
  answers.operation = await said(() => executor.read(exp(w)));
  answers.wrongType = await said(() => executor.read(counter));
  const earlier = executor.read(view(w, 0, [1]));
  executor.write(w, new Float32Array(128).fill(5));
  answers.ordered = Array.from(await earlier);
  const many = Array.from({ length: 8 }, (_, i) => {
    const read = executor.read(w);
    executor.write(w, new Float32Array(128).fill(i));
    return read;
  });
  answers.manyReads = (await Promise.all(many)).map(([first]) => first);

  // Programs: whole steps, outputs that exist, memory that is in use.
  const program = await executor.compile({
    outputs: { total: sum(mul(w, scalar(2))) },
    updates: [increment(variable('n', [1], 'u32'))],
  });
  answers.halfAStep = await said(() => program.run(2.5));
  answers.nanSteps = await said(() => program.run(Number.NaN));
  answers.noOutput = await said(() => program.read('loss' as 'total'));
  answers.inherited = await said(() => program.read('toString' as 'total'));
  answers.outputType = await said(() => program.readIntegers('total'));
  answers.free = await said(() => executor.free([counter, w]));
  answers.keptBoth = [(await executor.readIntegers(counter))[0], (await executor.read(w))[0]];
  answers.freeView = await said(() => executor.free([view(w, 0, [64])]));
  await program.run();
  answers.total = Array.from(await program.read('total'));
  program.dispose();
  answers.freeAfter = await said(() => executor.free([w]));
  answers.afterFree = (await executor.read(w))[0];

  // Assigning parts of a variable to itself would read and write one buffer.
  answers.overlap = await said(() => assign(w, w));
  return answers;
}

const NAN = Number.NaN;

/** Bits of what NaN, and angles too large to be reduced, give; a NaN as 0x7fc00000, whatever its payload. */
export async function propagation(executor: Executor): Promise<Record<string, number[]>> {
  const x = constant([1, NAN, NAN, 1, -0, 0, Infinity, NAN]);
  const y = constant([2, 2, NAN, NAN, 0, -0, NAN, -Infinity]);
  const rows = constant([1, NAN, 3, 4, NAN, 2, 3, 4, 1, 2, 3, NAN, 1, 2, 3, 4], [4, 4]);
  // A long axis is reduced in two passes, by vectors or one by one.
  const long = constant(Float32Array.from({ length: 3000 }, (_, i) => (i === 1234 ? NAN : i)));
  const angles = constant([8192, -8192, 8193, -9000, 1e6, 1e9, Infinity, NAN]);
  const values = await executor.evaluate({
    maximum: maximum(x, y),
    minimum: minimum(x, y),
    broadcast: maximum(rows, constant([2.5, 2.5, 2.5, 2.5])),
    scalarSide: minimum(x, scalar(NAN)),
    ofRows: max(rows, [1]),
    ofColumns: max(rows, [0]),
    ofAll: max(long),
    sin: sin(angles),
    cos: cos(angles),
  });
  return Object.fromEntries(
    Object.entries(values).map(([name, data]) => [
      name,
      Array.from(data, (value) =>
        Number.isNaN(value) ? 0x7fc00000 : new Uint32Array(Float32Array.of(value).buffer)[0],
      ),
    ]),
  );
}
