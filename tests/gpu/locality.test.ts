// Failure stays local: what one call does wrong is that call's typed error, and everything else works on.

import { expect, test } from 'vitest';
import { inPage } from './inPage';

test('runs that concern one variable follow one another, in the order they were asked for', async () => {
  // x = 1: (2 x + 1) three times is 15; times 9 is 135, which the reader sees; then 271, and times 3.
  expect(await inPage('meetingRuns', null)).toEqual({ x: 813, seen: 135 });
});

test('an abort ends at the boundary of a step, and the next run goes on from there', async () => {
  const { message, stopped, resumed } = await inPage('abortBetweenSteps', null);
  expect(message).toMatch(/^TimeoutError/);
  expect(stopped[0]).toBe(stopped[1]);
  expect(stopped[0]).toBeGreaterThan(0);
  expect(stopped[0]).toBeLessThan(1000);
  expect(resumed).toBe(stopped[0] + 1);
});

test('disposing during a run lets its step end, rejects the run, and leaves the device alive', async () => {
  const { ofProgram, counters, answer, leaked, ofDevice } = await inPage('disposeWhileRunning', null);
  for (const message of ofProgram) expect(message).toMatch(/^DisposedError: this program was disposed/);
  expect(counters[0]).toBe(counters[1]);
  expect(counters[0]).toBeGreaterThan(0);
  expect(answer).toBe(42);
  expect(leaked).toBeLessThanOrEqual(0);
  expect(ofDevice).toMatch(/^DisposedError: Device was disposed/);
});

test('a refused command is a typed error of its call that says which, after which the device works', async () => {
  const { answers, answer, uncaptured } = await inPage('refusedCommands', null);
  expect(answers.syntax).toMatch(/^KernelError: kernel broken did not compile:\n {2}broken\.wgsl:4:\d+: /);
  expect(answers.types).toMatch(/^KernelError: kernel broken did not compile:\n {2}broken\.wgsl:4:\d+: /);
  expect(answers.bindings).toMatch(/^KernelError: The GPU refused what program y binds: /);
  expect(answers.bindings).toContain('broken spoilt [4], kernel broken');
  expect(answers.workgroups).toMatch(/^KernelError: broken spoilt \[4\]: kernel broken is planned for 1 x 65536 x 1/);
  expect(answers.group).toMatch(/^KernelError: kernel broken did not compile:/);
  expect(answers.run).toMatch(/^KernelError: The GPU refused a submit of program y: .*destroyed/);
  expect(answers.read).toMatch(/^KernelError: The GPU refused a read of program y: .*destroyed/);
  expect(answers.profile).toMatch(/^KernelError: The GPU refused a profile: .*destroyed/);
  expect(answer).toBe(42);
  expect(uncaptured).toBe(0);
});

test("a page's own errors do not poison a device that was adopted from it", async () => {
  expect(await inPage('pageErrors', null)).toEqual({ values: [1, 1, 1, 1], heard: 1 });
});

test('without memory: the pool is trimmed and it is tried once more, then refused, and nothing invalid is kept', async () => {
  const { once, always, ofWrite } = await inPage('outOfMemory', null);
  expect(once.message).toBe('no error');
  expect(always.message).toMatch(/^MemoryError: variable v asked for 1\.0 MiB, and there is no more/);
  expect(always).toMatchObject({ live: 0, answer: 42 });
  expect(ofWrite.first).toMatch(/^MemoryError: The GPU has no memory for variable v/);
  expect(ofWrite.second).toBe(2);
});

test('a profile of 5,000 dispatches, each called by the name of its tensor', async () => {
  expect(await inPage('longProfile', 5000)).toEqual({ count: 5000, last: 'binary sum 4999 [4]', value: 5000 });
});

test('real memory that the adapter cannot give is refused by name; what is held stays, and the device works on', async () => {
  const { message, live, values, answer } = await inPage('realExhaustion', null);
  expect(message).toMatch(
    /^MemoryError: variable huge asked for 1024\.0 MiB, and there is no more; .* in use:\n .*variable kept/,
  );
  expect({ live, values, answer }).toEqual({ live: 0, values: [5, 6, 7, 8], answer: 42 });
});
