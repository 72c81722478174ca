// The guide keeps what it promises: every chapter has its formulas, code by line, numbers that a block of code printed, and an exercise that the
// theory lab answers; and no link of any page of docs leads nowhere.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { withLines } from '../../docs.mjs';
import { rendered } from '../../guide.mjs';
import { scenes } from '../../src/web/theory/scenes';

const ROOT = resolve(import.meta.dirname, '../..');
const chapters = readdirSync(join(ROOT, 'docs/guide'))
  .filter((name) => /^\d/.test(name))
  .sort();
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');

/** What a reader reads as words: no code, no formulas, no links' addresses. */
const proseOf = (text: string): string =>
  text
    .replace(/```[\s\S]*?```/g, '')
    .replace(/\$\$[\s\S]*?\$\$|\$(?:[^$\n\\]|\\.)+?\$|`[^`]*`/g, '')
    .replace(/\]\([^)]*\)/g, ']')
    .replace(/arXiv \d+\.\d+/g, '');

test('there are ten chapters, and the contents name them in order', () => {
  expect(chapters.length).toBe(10);
  const contents = [...read('docs/guide/README.md').matchAll(/^\d+\. \[.*\]\((.*)\)$/gm)].map(([, file]) => file);
  expect(contents).toEqual(chapters);
});

test.each(chapters)('%s: formulas, code by line, an exercise, and no number that nothing printed', async (name) => {
  const text = read(`docs/guide/${name}`);
  expect(await withLines(text)).toBe(text);
  // The engine's chapter tells of code, and the results' of what was found.
  if (!/^(06|10)/.test(name))
    expect(text.match(/\$\$[\s\S]+?\$\$/g)?.length ?? text.match(/\$[^$\n]+\$/g)?.length).toBeGreaterThan(0);
  if (/^0[14567]/.test(name)) expect(text).toMatch(/\[`\w+\.wgsl`\]\(\.\.\/\.\.\/src\/shaders\/\w+\.wgsl#L[1-9]\d*\)/);
  if (!/^10/.test(name)) expect(text).toMatch(/\[`\w+`\]\(\.\.\/\.\.\/src\/[\w./]+#L[1-9]\d*\)/);
  // What was printed: the source of a block proves nothing.
  const blocks = [...text.matchAll(/```text\n[\s\S]*?```/g)].map(([block]) => block).join('\n');
  const numbers = [...proseOf(text).matchAll(/(?<![\w.])\d*\.\d+/g)].map(([number]) => number);
  const known = [...blocks.matchAll(/\d*\.\d+/g)].map(([number]) => Number(number));
  for (const number of numbers) expect([...known, ...allowed(name)], number).toContain(Number(number));
  const exercise = text.slice(text.lastIndexOf('**Exercise.**'));
  const scene = /\[theory lab `#scene=(\w+)`\]\(\.\.\/pages\.md#theory-lab\)/.exec(exercise)?.[1];
  expect(Object.keys(scenes)).toContain(scene);
});

/** Numbers that are set, not found: what an exercise asks the reader to put in, the margin and the bounds. */
const allowed = (name: string): number[] =>
  ({ '01': [0.9, 0.1], '02': [0.05, 0.25], '05': [0.6], '08': [0.05, 2.5] })[name.slice(0, 2)] ?? [];

/** Names of the headings of a page, as GitHub makes them; a rendered page has them as ids. */
const anchorsOf = (path: string): string[] =>
  [...rendered(read(path), path).html.matchAll(/<h\d id="([^"]*)"/g)].map(([, id]) => id);

const pages = [
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(ROOT).filter((name) => name.endsWith('.md')),
  'examples/README.md',
];

test.each(pages)('%s has no link that leads nowhere', (page) => {
  const text = read(page).replace(/```[\s\S]*?```/g, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, href]) => href).filter((href) => !/^[a-z]+:/.test(href));
  for (const link of links) {
    const [path, hash] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    expect(existsSync(join(ROOT, target)), link).toBe(true);
    const line = /^L(\d+)$/.exec(hash ?? '')?.[1];
    if (line !== undefined) expect(read(target).split('\n').length, link).toBeGreaterThanOrEqual(Number(line));
    else if (hash !== undefined && target.endsWith('.md')) expect(anchorsOf(target), link).toContain(hash);
  }
});

test('formulas are rendered as MathML; one that is wrong is an error, not a red word', () => {
  const { html } = rendered('# T\n\nLet $x_i$ be `$y$`.\n\n$$\\frac12$$\n', 'docs/guide/x.md');
  expect(html.match(/<math/g)?.length).toBe(2);
  expect(html).toContain('<code>$y$</code>');
  expect(() => rendered('$\\frac{1$', 'docs/guide/x.md')).toThrow();
});
