// The other pages as a person uses them.

import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { drop, press, textOf, visit, waitFor, waitForText } from './visit';

const click = (page: Page, text: string): Promise<void> =>
  page.evaluate((wanted) => {
    const found = [...document.querySelectorAll<HTMLElement>('button, summary')].find(({ textContent }) =>
      textContent?.includes(wanted),
    );
    if (found === undefined) throw new Error(`nothing is called ${wanted}`);
    found.click();
  }, text);

test('theory lab: a case, its sentence, its numbers, its link', async () => {
  const { page } = await visit('theory.html');
  await press(page, 'GM6 the gate');
  await waitForText(page, 'Yet pointwise it fails');
  await waitForText(page, 'The test of invariance sees samples only: not invariant');
  expect(await page.evaluate(() => location.hash)).toContain('scene=gate');
  const slider = await page.waitForSelector('.slider input');
  await slider?.focus();
  await page.keyboard.press('Home');
  await page.waitForFunction(() => location.hash.includes('s0=0.05'));
  // −½ mean log s²: of s = .05 and .8.
  await waitForText(page, `Latent 1 knows ${(-(Math.log(0.05) + Math.log(0.8)) / 2).toFixed(3)} nats`);
  const other = await visit(`theory.html${await page.evaluate(() => location.hash)}`);
  await waitForText(other.page, `Latent 1 knows ${(-(Math.log(0.05) + Math.log(0.8)) / 2).toFixed(3)} nats`);
});

test('theory lab: what the page shows of every case is what theory says of it', async () => {
  const { page } = await visit('theory.html');
  const holds = async (name: string): Promise<string> => {
    await press(page, name);
    await page.waitForFunction(
      (wanted) => document.querySelector(`button[aria-pressed=true]`)?.textContent === wanted,
      {},
      name,
    );
    await waitFor(page, ['measuring', 'done']);
    return page.$$eval('.holds li', (all) => all.map((each) => each.className[0]).join(''));
  };
  // Independent, independent given x, invariant on average, at every c, the same at every c.
  expect(await holds('CE1 gating')).toBe('yyynn');
  expect(await holds('CE2 invariant, and neither independent')).toBe('nnyyy');
  expect(await holds('CE3 exclusive or')).toBe('ynnny');
  expect(await holds('CE3 Gaussian')).toBe('ynnny');
  expect(await holds('CE4 copies')).toBe('nynny');
  expect(await holds('CE5 everything holds, in any basis')).toBe('yyyyy');
  expect(await holds('T5 a rotation')).toBe('ynnny');
  expect(await holds('GM2 a factorized mixture')).toBe('yyyyy');
  expect(await holds('GM3 a coupled mixture')).toBe('nnnnn');
  expect(await holds('GM6 the gate')).toBe('yyynn');
});

test('kernels: measures, draws the roof, compares, and refuses what is no report', async () => {
  const { page } = await visit('kernels.html#filter=matmul/nn/64x64x64,matmul/nn/128*&device=cpu');
  await page.waitForFunction(() => document.querySelector('.progress')?.textContent?.includes('2 cases'));
  await click(page, '▶ Measure');
  await waitFor(page, 'done', 90_000);
  await waitForText(page, 'matmul/nn/64x64x64');
  await page.waitForSelector('#report figure svg');
  expect(await page.evaluate(() => document.querySelector('#report p.note')?.textContent)).toMatch(
    /Ceilings: [\d.]+ GFLOP\/s/,
  );
  await page.select(
    '::-p-aria([name="Compare with"])',
    await page.$$eval('#report select', ([, other]) => (other as HTMLSelectElement).options[1].value),
  );
  await waitForText(page, 'ratio');
  expect(
    await page.$$eval('#report tbody tr td:last-child', (all) => all.map(({ textContent }) => textContent)),
  ).toEqual(['1.00', '1.00']);
  await click(page, 'Read a kernel');
  await waitForText(page, 'src/shaders/matmul_16x16.wgsl');
  await waitForText(page, 'src/engine/cpu/kernels/matmul.ts');
  await page.select('#step select', '5');
  await waitForText(page, 'Read by');
  await page.evaluate(() => {
    location.hash = '';
  });
  const input = await page.$('input[type=text]');
  await input?.click({ count: 3 });
  await page.keyboard.type('nothing/like/that');
  await click(page, '▶ Measure');
  await waitForText(page, 'No case matches');
});

test('workbench: runs a sample, tells what ran, marks the line of an error, keeps the code in the link', async () => {
  const { page } = await visit('workbench.html#sample=matmul');
  await waitForText(page, 'A product, a bias and a ReLU');
  await click(page, '▶ Run');
  await waitFor(page, 'done');
  await waitForText(page, '[ 1.5, 0, 3.5, 3.5 ]');
  await waitForText(page, 'Program 1: 1 run');
  await page.waitForSelector('.graph .node');
  const write = async (code: string) => {
    await page.click('.cm-content');
    await page.keyboard.down('Control');
    await page.keyboard.press('a');
    await page.keyboard.up('Control');
    await page.keyboard.press('Delete');
    await page.evaluate((text) => {
      const transfer = new DataTransfer();
      transfer.setData('text/plain', text);
      document
        .querySelector('.cm-content')
        ?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }));
    }, code);
  };
  await write(
    "import { constant, matmul } from 'unweave';\n\nmatmul(constant([1, 2], [1, 2]), constant([1, 2, 3], [1, 3]));\n",
  );
  await click(page, '▶ Run');
  await waitFor(page, 'failed');
  await waitForText(page, 'Line 3: ShapeError');
  await page.waitForSelector('.cm-lintRange-error, .cm-lint-marker-error');
  await write('const a = 1;\nconst b = ;\n');
  await click(page, '▶ Run');
  await waitForText(page, 'Line 2: SyntaxError');
  await write("import 'somewhere';\nimport { x } from 'elsewhere';\n");
  await click(page, '▶ Run');
  await waitForText(page, "There is no module 'elsewhere' here");
  await write('for (;;) {}\n');
  await click(page, '▶ Run');
  await waitFor(page, 'running');
  await click(page, '■ Stop');
  await waitFor(page, 'stopped');
  await write("console.log('from the link', 6 * 7);\n");
  await click(page, 'Copy link');
  await page.waitForFunction(() => location.hash.startsWith('#code='));
  const other = await visit(`workbench.html${await page.evaluate(() => location.hash)}`);
  await waitForText(other.page, "'from the link'");
  await click(other.page, '▶ Run');
  await waitForText(other.page, 'from the link 42');
  const broken = await visit('workbench.html#code=AAAA');
  await waitForText(broken.page, 'The code in this link is damaged');
});

test('report: the recorded run, one from the command line, and what is none', async () => {
  const { page } = await visit('report.html');
  await waitFor(page, 'done');
  await waitForText(page, 'Declared contrasts');
  await page.waitForSelector('.report [data-figure] svg');
  await drop(page, [
    { name: 'results.json', bytes: [...new TextEncoder().encode('{"schemaVersion":99,"analysis":{},"records":[]}')] },
  ]);
  await waitForText(page, 'has results of version 99');
  await drop(page, [{ name: 'results.json', bytes: [...new TextEncoder().encode('{"schema')] }]);
  await waitForText(page, 'is not JSON');
  expect(await textOf(page)).toContain('Declared contrasts');
});
