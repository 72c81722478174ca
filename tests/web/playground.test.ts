// The playground as a person uses it.

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { expect, inject, test } from 'vitest';
import { writeNpy } from '../../src/data';
import { drop, press, stateOf, textOf, visit, waitFor, waitForText } from './visit';

/** A run that takes seconds. */
const SMALL =
  '#data=squares&data.factors=scale=0..2,posX=8..15,posY=0..3&steps=200&seeds=2&latents=3&architecture.hidden=24&device=cpu';

/** All records of the page's database, in order of their names. */
const recordsIn = (page: Page): Promise<Record<string, string>> =>
  page.evaluate(
    () =>
      new Promise<Record<string, string>>((resolve, reject) => {
        const opening = indexedDB.open('unweave');
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const store = opening.result.transaction('record').objectStore('record');
          const found: Record<string, string> = {};
          const cursor = store.openCursor();
          cursor.onsuccess = () => {
            if (cursor.result === null) {
              opening.result.close();
              resolve(found);
            } else {
              found[String(cursor.result.key)] = new TextDecoder().decode(cursor.result.value);
              cursor.result.continue();
            }
          };
        };
      }),
  );

test('a recorded run is there at once, and says that it is one', async () => {
  const { page } = await visit('');
  await waitForText(page, 'What you see was recorded before');
  await waitForText(page, '6 seeds: 0.29 → 0.14');
  expect(await stateOf(page)).toBe('idle');
  expect(page.workers().length).toBeLessThanOrEqual(1);
  // A figure is drawn when it is seen.
  expect(await page.$('figure svg')).toBeNull();
  await page.evaluate(() => document.getElementById('scores')?.scrollIntoView());
  await page.waitForSelector('#scores figure svg');
});

test('trains, pauses, steps, goes on to the end; the address opens the same run, bit for bit', async () => {
  const { page } = await visit(SMALL);
  const isAt = (step: number) =>
    page.waitForFunction(
      (wanted) =>
        [...document.querySelectorAll('.model .count')].every(({ textContent }) =>
          textContent?.includes(`step ${wanted};`),
        ),
      {},
      step,
    );
  await waitForText(page, 'The difference');
  await page.keyboard.press('.');
  await waitFor(page, 'paused');
  await isAt(0);
  await page.keyboard.press('.');
  await isAt(1);
  expect(await stateOf(page)).toBe('paused');
  await page.keyboard.press('Space');
  await waitFor(page, 'done');
  expect(await textOf(page)).toContain('4 of 4 models');
  const records = await recordsIn(page);
  expect(Object.keys(records).length).toBe(4);

  // Another browser, by the link alone, without a pause.
  const other = await visit(await page.evaluate(() => location.hash));
  await press(other.page, '▶ Train');
  await waitFor(other.page, 'done');
  expect(await recordsIn(other.page)).toEqual(records);

  // Once more, in the page that has them: it is done again from the beginning, and is the same.
  await press(page, '▶ Train again');
  await waitFor(page, 'training');
  await waitFor(page, 'done');
  expect(await recordsIn(page)).toEqual(records);
});

test('slow motion shows the stages of a step, and any tensor can be looked at', async () => {
  const { page } = await visit(SMALL);
  await press(page, 'Slow motion');
  await waitFor(page, 'paused');
  await page.waitForSelector('.stages [aria-current]');
  const seen = new Set<string>();
  for (let i = 0; i < 60 && seen.size < 6; i++) {
    seen.add(await page.$eval('.stages [aria-current]', (each) => each.textContent ?? '').catch(() => ''));
    await new Promise((done) => setTimeout(done, 200));
  }
  expect([...seen].filter((name) => name !== '').sort()).toEqual([
    'backward',
    'decode',
    'encode',
    'loss',
    'sample',
    'update',
  ]);
  await press(page, 'Slow motion');
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('summary')) if (each.textContent?.includes('any tensor')) each.click();
  });
  await page.evaluate(() => {
    for (const each of document.querySelectorAll('button'))
      if (each.textContent?.includes('List its tensors')) each.click();
  });
  await page.waitForSelector('select[aria-label="Tensors of factorized"] option');
  const posteriors = await page.$eval(
    'select[aria-label="Tensors of factorized"]',
    (list) =>
      [...list.querySelectorAll('option')].find(({ textContent }) => textContent?.includes('posteriors'))?.value,
  );
  await page.select('select[aria-label="Tensors of factorized"]', posteriors ?? '');
  await waitForText(page, '[1, 64, 9]');
});

test('what cannot be is replaced and said; what is unknown is ignored', async () => {
  const { page } = await visit(
    '#latents=0&left=nonsense&objective.beta=abc&seeds=999&device=quantum&nobodyKnows=1&steps=300',
  );
  const text = await textOf(page);
  for (const part of [
    'latents=0 was left out',
    'left=nonsense was left out',
    'objective.beta=abc was left out',
    'seeds=999 was left out',
    'device=quantum was left out',
  ])
    expect(text).toContain(part);
  expect(text).not.toContain('nobodyKnows');
  expect(await page.$eval('input[type=number][max="100000"]', (each) => (each as HTMLInputElement).value)).toBe('300');
});

test('a dragged dose is in the address, and going back undoes what was chosen', async () => {
  const { page } = await visit('');
  const slider = await page.waitForSelector('fieldset.right input[type=range]');
  await slider?.focus();
  for (let i = 0; i < 4; i++) await page.keyboard.press('ArrowRight');
  expect(await page.evaluate(() => location.hash)).toContain('right.lambda=8');
  await page.locator('::-p-aria([name="Four examples of circles circles"])').click();
  const hash = await page.evaluate(() => location.hash);
  expect(hash).toContain('data=circles');
  await page.goBack();
  await page.waitForFunction(() => !location.hash.includes('circles'));
  expect(await page.$eval('input[name=data]:checked', (each) => each.parentElement?.innerText.trim())).toBe('squares');
});

test('a run can be saved and opened elsewhere; a record that lies is refused', async () => {
  const { page } = await visit(SMALL);
  await press(page, '▶ Train');
  await waitFor(page, 'done');
  const records = await recordsIn(page);
  // What the button saves, as the page makes it.
  const saved = await page.evaluate(async () => {
    const made: Promise<string> = new Promise((resolve) => {
      const make = URL.createObjectURL.bind(URL);
      URL.createObjectURL = (blob) => {
        void (blob as Blob).text().then(resolve);
        return make(blob as Blob);
      };
    });
    for (const each of document.querySelectorAll('button'))
      if (each.textContent?.includes('Save this run')) each.click();
    return made;
  });
  const other = await visit('');
  await waitForText(other.page, 'recorded before');
  await drop(other.page, [{ name: 'run.json', bytes: [...new TextEncoder().encode(saved)] }]);
  await waitForText(other.page, '4 records read, 4 of them new');
  expect(await recordsIn(other.page)).toEqual(records);
  expect(await other.page.evaluate(() => location.hash)).toContain('steps=200');

  // The records as files, as the command line writes them; and one of them with a digit changed.
  const third = await visit(SMALL);
  const files = Object.entries(records).map(([name, text]) => ({
    name: `${name}.json`,
    bytes: [...new TextEncoder().encode(text)],
  }));
  await drop(third.page, files);
  await waitForText(third.page, '4 records read, 4 of them new');
  await waitForText(third.page, '4 of 4 models recorded');
  const [[name, text]] = Object.entries(records);
  await drop(third.page, [
    {
      name: `${name}.json`,
      bytes: [...new TextEncoder().encode(text.replace('"seed":1', '"seed":7').replace('"seed":2', '"seed":7'))],
    },
  ]);
  await waitForText(third.page, 'is damaged');
  await drop(third.page, [{ name: 'notes.txt', bytes: [1, 2, 3] }]);
  await waitForText(third.page, 'notes.txt is nothing this page reads');
});

test('runs are kept: renamed, pinned, compared, deleted, and opened again', async () => {
  const { page } = await visit(SMALL);
  await press(page, '▶ Train');
  await waitFor(page, 'done');
  await page.evaluate((hash) => {
    location.hash = hash;
  }, `${SMALL}&objective.beta=1`);
  await waitFor(page, 'idle');
  await press(page, '▶ Train');
  await waitFor(page, 'done');
  await page.waitForFunction(() => document.querySelectorAll('#runs tbody tr').length === 2);
  const name = await page.waitForSelector('#runs input[type=text]');
  await name?.click({ count: 3 });
  await page.keyboard.type('with little β');
  await page.keyboard.press('Tab');
  await page.waitForSelector('::-p-aria([name="Pin with little β"])');
  await press(page, 'Pin with little β');
  for (const each of await page.$$('#runs input[type=checkbox]')) await each.click();
  await waitForText(page, 'What sets them apart');
  expect(await page.$eval('[aria-label="Runs compared"]', (each) => (each as HTMLElement).innerText)).toMatch(
    /objective\.beta\s+1\s+4/,
  );
  await page.reload();
  await page.waitForSelector('::-p-aria([name="Delete with little β"])');
  await press(page, 'Delete with little β');
  await page.waitForFunction(() => document.querySelectorAll('#runs tbody tr').length === 1);
  await page.evaluate(() => {
    for (const each of document.querySelectorAll<HTMLElement>('#runs button'))
      if (each.textContent === 'Open') each.click();
  });
  await waitForText(page, '4 of 4 models recorded');
});

test('a lesson hides what the teacher chose', async () => {
  const { page } = await visit('#hide=choices,runs,stages&text=off');
  await waitForText(page, 'The difference');
  const text = await textOf(page);
  for (const hidden of ['Posterior q(z|x)', 'Your runs', 'stage by stage', 'Does a representation'])
    expect(text).not.toContain(hidden);
  expect(text).toContain('The two models');
});

test('own images with labels train and are scored', async () => {
  const [places, sizes, side] = [8, 4, 12];
  const rows = places * sizes;
  const pixels = new Uint8Array(rows * side * side);
  const labels = new Float32Array(rows * 2);
  for (let row = 0; row < rows; row++) {
    const [place, size] = [row % places, Math.floor(row / places)];
    labels.set([place, size], 2 * row);
    for (let y = 0; y <= size + 1; y++)
      for (let x = 0; x < 3; x++) pixels[row * side * side + (y + 2) * side + place + x] = 255;
  }
  const { page } = await visit('#steps=200&seeds=1&latents=3&device=cpu');
  await waitForText(page, 'The difference');
  await drop(page, [
    { name: 'bars.npy', bytes: [...writeNpy(pixels, [rows, side, side])] },
    { name: 'labels.npy', bytes: [...writeNpy(labels, [rows, 2])] },
  ]);
  await waitForText(page, 'Your data are here');
  await press(page, '▶ Train');
  await waitFor(page, ['done', 'failed']);
  expect(await stateOf(page)).toBe('done');
  await waitForText(page, '1 seed:');
});

test('a lost GPU is survived with the same losses', async () => {
  const gpu = SMALL.replace('device=cpu', 'device=software')
    .replace('steps=200', 'steps=300')
    .replace('seeds=2', 'seeds=1');
  const { page } = await visit(gpu);
  await press(page, '▶ Train');
  await waitFor(page, 'training', 120_000);
  await page.waitForFunction(
    () =>
      Number(
        /step ([\d,]+)/.exec(document.querySelector('.model.left .count')?.textContent ?? '')?.[1].replace(',', ''),
      ) > 100,
    { timeout: 120_000 },
  );
  let lost = 0;
  for (const worker of page.workers())
    lost += await worker.evaluate(() => {
      if (typeof GPUDevice === 'undefined') return 0;
      const make = GPUDevice.prototype.createCommandEncoder;
      GPUDevice.prototype.createCommandEncoder = function (this: GPUDevice, ...rest) {
        GPUDevice.prototype.createCommandEncoder = make;
        this.destroy();
        return make.apply(this, rest);
      };
      return 1;
    });
  expect(lost).toBeGreaterThanOrEqual(2);
  await waitFor(page, ['done', 'failed'], 180_000);
  expect(await textOf(page)).toContain('done: 2 of 2 models');
  const curves = (all: Record<string, string>) =>
    Object.values(all).map((text) => JSON.parse(text).record.curves.reconstruction);
  const found = curves(await recordsIn(page));
  const calm = await visit(gpu.replace('device=software', 'device=cpu'));
  await press(calm.page, '▶ Train');
  await waitFor(calm.page, 'done');
  expect(found).toEqual(curves(await recordsIn(calm.page)));
}, 300_000);

test('a run pauses and goes on, also when its tab is hidden', async () => {
  const { page, context } = await visit(SMALL.replace('steps=200', 'steps=3000'));
  await press(page, '▶ Train');
  await waitFor(page, 'training');
  await press(page, '❚❚ Pause');
  await waitFor(page, 'paused');
  await press(page, '▶ Go on');
  await waitFor(page, 'training');
  const front = await context.newPage();
  await front.bringToFront();
  await new Promise((done) => setTimeout(done, 1500));
  await page.bringToFront();
  await waitFor(page, 'done');
});

test('the recorded run is what the runner makes', async () => {
  const file = JSON.parse(await readFile(join(inject('siteFolder'), 'recorded.json'), 'utf8'));
  const [first] = file.records;
  const { page } = await visit('#seeds=1&device=cpu');
  await waitForText(page, 'recorded before');
  await press(page, '▶ Train again');
  await waitFor(page, 'done', 120_000);
  const made = JSON.parse((await recordsIn(page))[first.name]).record;
  expect(made.curves).toEqual(first.curves);
  // Logarithms of f64 differ by a digit between engines.
  expect(made.measures.scores.own.values.mig).toBeCloseTo(first.measures.scores.own.values.mig, 12);
});
