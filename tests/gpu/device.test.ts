// What a device promises: typed failures, recovery, memory that is accounted for, several devices, a Worker, a run that
// stops when asked, and a profile.

import { expect, test } from 'vitest';
import { profileTable } from '../../src/engine';
import { inPage } from './inPage';

test('failures are typed and say what to do; after a loss the device can begin anew', async () => {
  const said = await inPage('failures', null);
  expect(said.disposedProgram).toMatch(/^DisposedError: this program was disposed/);
  expect(said.lost).toMatch(/^DeviceLostError: The GPU device was lost/);
  expect(said.heard).toBe('DeviceLostError');
  expect(said.stale).toMatch(/^DeviceLostError: .*compile it again/);
  expect(said.recovered).toBe('8');
  expect(said.disposedDevice).toMatch(/^DisposedError: Device/);
});

test('a program that does not fit says who holds the memory, and leaves nothing behind', async () => {
  const { before, large, after, value, beyond } = await inPage('exhaust', null);
  expect(large).toMatch(/^MemoryError: .* asked for .* MiB, and there is no more/);
  expect(large).toContain('variable weights');
  expect(before.holders).toEqual([{ name: 'variable weights', bytes: 2 ** 18 }]);
  expect({ live: after.live, liveBytes: after.liveBytes }).toEqual({ live: before.live, liveBytes: before.liveBytes });
  expect(value).toBeCloseTo(Math.E, 5);
  expect(beyond).toMatch(/^MemoryError: variable huge needs a buffer of .* exceeds this adapter's limit/);
});

test('constants are released with the last program that uses them', async () => {
  const [before, during, after, value] = await inPage('constantsGo', null);
  expect(during).toBeGreaterThan(before);
  expect(after).toBe(before);
  expect(value).toBe(2);
});

test('several devices compute at once, one of them adopted and left open', async () => {
  const { totals, description, refused, stillOpen } = await inPage('severalDevices', null);
  expect(totals).toEqual([2000, 3000, 4000]);
  expect(description).not.toBe('');
  expect(refused).toMatch(/^AdapterError: An adopted device/);
  expect(stillOpen).toBe(5);
});

test('the engine runs in a Worker', async () => {
  expect(await inPage('inWorker', null)).toBe(1000);
});

test('a long run stops when it is asked to, between two short submits', async () => {
  const { message, ms, share, dispatches, submits } = await inPage('abort', null);
  expect(message).toMatch(/^TimeoutError/);
  expect(share).toBeGreaterThan(0);
  expect(share).toBeLessThan(0.9);
  // A 1024^3 product is several dispatches, and no submit was larger than it had to be.
  expect(dispatches).toBeGreaterThan(1);
  expect(submits).toBeGreaterThan(1);
  expect(ms).toBeLessThan(20_000);
});

test('a profile accounts for every dispatch, as a table and as measures of the browser', async () => {
  const { entries, measures } = await inPage('profiled', null);
  expect(entries.map(({ kernel }) => kernel)).toContain('unary');
  for (const { kernel } of entries) expect(measures).toContain(`unweave ${kernel}`);
  const table = profileTable(entries);
  expect(table.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 10);
  expect(table.reduce((sum, { dispatches }) => sum + dispatches, 0)).toBe(entries.length);
});
