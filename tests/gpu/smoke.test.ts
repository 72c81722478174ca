// The smoke study on the CPU and as WGSL on the software adapter: every number is the same. And its report, opened in a
// browser: it draws itself from what it carries, asks for nothing, and has its tables without scripts, too.

import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import puppeteer, { type Browser } from 'puppeteer';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { buildCommands } from '../../build.mjs';
import { fixed } from '../../src/studies/format';
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
  return { out, results: readFileSync(join(out, 'results.json'), 'utf8') };
}

/** All numbers in an object, in order. */
const numbersIn = (value: unknown): number[] =>
  typeof value === 'number' ? [value] : typeof value === 'object' ? Object.values(value ?? {}).flatMap(numbersIn) : [];

const recordsIn = (out: string) =>
  readdirSync(join(out, 'records'))
    .sort()
    .map((name) => JSON.parse(readFileSync(join(out, 'records', name), 'utf8')).record);

test('in one page the CPU and WGSL on the software adapter leave the same records, byte for byte', async () => {
  const [wgsl, cpu] = await inPage('smokeTwice', null);
  expect(Object.keys(wgsl).length).toBe(4);
  expect(cpu).toEqual(wgsl);
  // From the command line the same, but for the last digits of what Node and Chrome compute in double precision: their exponentials
  // and logarithms differ by a unit in the last place, and differences of informations carry it on.
  const { out } = await study('--device', 'cpu', '--threads', '2');
  const found = recordsIn(out);
  const there = Object.keys(wgsl)
    .sort()
    .map((name) => JSON.parse(wgsl[name]).record);
  const [a, b] = [found, there].map((records) => numbersIn(records.map(({ measures }) => measures)));
  expect(a.length).toBe(b.length);
  expect(Math.max(...a.map((value, i) => Math.abs(value - b[i])))).toBeLessThan(1e-6);
  // What training measured comes from the executor alone.
  const curves = (each: { curves: unknown }) => each.curves;
  expect(found.map(curves)).toEqual(there.map(curves));
});

test('the report draws its figures when it is opened, asks for nothing, and has tables without scripts', async () => {
  const { out, results } = await study('--device', 'cpu');
  const page = await browser.newPage();
  const problems: string[] = [];
  page.on('pageerror', (error) => problems.push(String(error)));
  page.on('request', (request) => /^(file|data|blob):/.test(request.url()) || problems.push(request.url()));
  // As wide as a telephone: nothing may scroll sideways but tables, by themselves.
  await page.setViewport({ width: 360, height: 800 });
  await page.goto(`file://${join(out, 'report.html')}`);
  await page.waitForFunction(() => document.querySelectorAll('[data-figure] svg[role=img]').length >= 9);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360);
  const drawn = await page.$$eval('[data-figure]', (places) =>
    places.map((place) => ({
      title: place.querySelector('svg[role=img]')?.getAttribute('aria-label'),
      // What a drawing that failed has not.
      marks: place.querySelectorAll('circle, rect, path[d*="L"], line').length,
      buttons: Array.from(place.querySelectorAll('button'), ({ textContent }) => textContent),
    })),
  );
  expect(drawn.length).toBe(9);
  for (const { title, marks, buttons } of drawn) {
    expect(title).toBeTruthy();
    expect(marks, String(title)).toBeGreaterThan(1);
    expect(buttons).toEqual(['SVG', 'PNG', 'CSV']);
  }
  // A dot for every model before and after the rotation.
  expect(await page.$$eval('[data-figure="0"] svg[role=img] circle', (dots) => dots.length)).toBe(8);
  const shades = await page.evaluate(() => {
    const sheet = document.querySelector('canvas');
    const pixels = sheet?.getContext('2d')?.getImageData(0, 0, sheet.width, sheet.height).data ?? [];
    return new Set(pixels).size;
  });
  expect(shades).toBeGreaterThan(20);
  // A figure to take away is a file with its numbers.
  const taken = await page.evaluate(async () => {
    const made: Record<string, string> = {};
    const original = URL.createObjectURL;
    const waits: Promise<void>[] = [];
    URL.createObjectURL = (blob) => {
      const { type } = blob as Blob;
      waits.push(
        (blob as Blob).text().then((text) => {
          made[type] = text;
        }),
      );
      return original(blob);
    };
    for (const button of document.querySelectorAll<HTMLElement>('[data-figure="0"] button')) button.click();
    await new Promise((later) => setTimeout(later, 1500));
    await Promise.all(waits);
    return made;
  });
  expect(Object.keys(taken).sort()).toEqual(['image/png', 'image/svg+xml', 'text/csv']);
  expect(taken['text/csv'].split('\n')[0]).toBe('arm,seed,basis,mig');
  expect(taken['text/csv'].trim().split('\n').length).toBe(9);
  expect(taken['image/svg+xml']).toContain('<svg');
  expect(problems).toEqual([]);
  await page.setJavaScriptEnabled(false);
  await page.reload();
  const text = await page.$eval('body', (body) => body.textContent);
  const { records } = JSON.parse(results) as {
    records: { measures: { scores: { own: { values: { mig: number } } } } }[];
  };
  for (const { measures } of records) expect(text).toContain(fixed(measures.scores.own.values.mig));
  expect(text).toContain('drawn by a script, which is switched off here');
  await page.close();
}, 60_000);
