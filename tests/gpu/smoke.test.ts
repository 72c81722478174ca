// The smoke study on the CPU and as WGSL on the software adapter: every number is the same. And its report, opened in a
// browser: it draws itself from what it carries, asks for nothing, and has its tables without scripts, too.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildCommands } from '../../build.mjs';
import { run, scratch } from '../cli/commandLine';
import { inPage } from './inPage';

let browser: Browser;

beforeAll(async () => {
  await buildCommands();
  browser = await puppeteer.connect({ browserWSEndpoint: inject('endpoint') });
});

afterAll(() => browser.disconnect());

let studies = 0;

async function study(...where: string[]) {
  const out = join(scratch, `smoke-${studies++}`);
  const { code, stderr } = await run('study', '--preset', 'smoke', '--out', out, ...where);
  expect([code, stderr]).toEqual([0, expect.stringContaining('Written to')]);
  const { adapter, versions, seconds, ...numbers } = JSON.parse(readFileSync(join(out, 'results.json'), 'utf8'));
  return { out, adapter, numbers };
}

/** All numbers in an object, in order. */
const numbersIn = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : typeof value === 'object' ? Object.values(value ?? {}).flatMap(numbersIn) : [];

test('in one page the CPU and WGSL on the software adapter find the same numbers, every one, bit for bit', async () => {
  const [wgsl, cpu] = await inPage('smokeTwice', null);
  expect(wgsl.length).toBe(4);
  expect(cpu).toEqual(wgsl);
  // From the command line the same, but for the last digits of what Node and Chrome compute in double precision: their exponentials
  // and logarithms differ by a unit in the last place, and differences of informations carry it on.
  const { numbers } = await study('--device', 'cpu', '--threads', '2');
  const found = numbers.arms.flatMap(({ replicas }: { replicas: unknown[] }) => replicas);
  const [here, there] = [found, wgsl.map(({ result }) => result)].map(numbersIn);
  expect(here.length).toBe(there.length);
  expect(Math.max(...here.map((value, i) => Math.abs(value - there[i])))).toBeLessThan(1e-7);
  // What training measured comes from the executor alone.
  const curves = (each: { curves: unknown }) => each.curves;
  expect(found.map(curves)).toEqual(wgsl.map(({ result }) => curves(result)));
});

test('one thread, two or three: the same numbers', async () => {
  const [one, ...more] = await Promise.all(
    ['1', '2', '3'].map((threads) => study('--device', 'cpu', '--threads', threads)),
  );
  for (const each of more) expect(each.numbers).toEqual(one.numbers);
});

test('the report draws its figures when it is opened, asks for nothing, and has tables without scripts', async () => {
  const { out, numbers } = await study('--device', 'cpu');
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => request.url().startsWith('file:') || problems.push(request.url()));
  await page.goto(`file://${join(out, 'report.html')}`);
  const drawn = () =>
    page.evaluate(() => Array.from(document.querySelectorAll('[data-figure]'), ({ children }) => children[0]?.tagName));
  expect(await drawn()).toEqual(['svg', 'svg', 'svg', 'svg', 'CANVAS', 'CANVAS']);
  // A dot for every model, and something in the sheets.
  const marks = await page.evaluate(() => document.querySelectorAll('[data-figure=mig] circle').length);
  expect(marks).toBe(4);
  const shades = await page.evaluate(() => {
    const sheet = document.querySelector('canvas');
    const pixels = sheet?.getContext('2d')?.getImageData(0, 0, sheet.width, sheet.height).data ?? [];
    return new Set(pixels).size;
  });
  expect(shades).toBeGreaterThan(20);
  expect(problems).toEqual([]);
  await page.setJavaScriptEnabled(false);
  await page.reload();
  const text = await page.$eval('body', (body) => body.textContent);
  for (const { replicas } of numbers.arms) for (const { mig } of replicas) expect(text).toContain(mig.toFixed(3));
  expect(text).toContain('drawn by a script, which is switched off here');
  await page.close();
});
