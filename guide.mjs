// The guide and the other pages of docs as static pages of the site: Markdown, formulas as MathML, which browsers draw by themselves, and links that
// stay inside. No script runs on them.

import { existsSync, statSync } from 'node:fs';
import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Marked } from 'marked';
import temml from 'temml';
import { importBundled } from './bundled.mjs';

const root = dirname(fileURLToPath(import.meta.url));

const formula = (name, start, rule, displayMode) => ({
  name,
  level: displayMode ? 'block' : 'inline',
  start: (text) => {
    const at = text.indexOf(start);
    return at < 0 ? undefined : at;
  },
  tokenizer(text) {
    const match = rule.exec(text);
    return match === null ? undefined : { type: name, raw: match[0], formula: match[1] };
  },
  renderer: ({ formula: tex }) =>
    temml.renderToString(tex.trim(), { displayMode, throwOnError: true, annotate: true }) + (displayMode ? '\n' : ''),
});

/** Names of headings as GitHub makes them. */
const anchorOf = (text) =>
  text
    .toLowerCase()
    .replace(/<[^>]*>|[^\p{L}\p{N}\s-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

/** Where a link of a page leads in the site: pages stay pages, states of the theory lab are opened, sources are shown by line; undefined where there is nothing to show. */
function hrefOf(href, text, page, sources) {
  const state = /theory lab.*#(scene=\w+)/.exec(text)?.[1];
  if (href.endsWith('pages.md#theory-lab') && state !== undefined)
    return `${posix.relative(posix.dirname(page), '.') || '.'}/theory.html#${state}`;
  if (/^[a-z]+:|^#/.test(href)) return href;
  const [path, hash] = href.split('#');
  const target = posix.normalize(posix.join(posix.dirname(page), path));
  const end = hash === undefined ? '' : `#${hash}`;
  if (target.startsWith('docs/') && target.endsWith('.md')) return href.replace(/\.md(#|$)/, '.html$1');
  if (!existsSync(join(root, target)) || statSync(join(root, target)).isDirectory()) return undefined;
  if (target.startsWith('docs/')) return href;
  sources.add(target);
  return `${posix.relative(posix.dirname(page), '.')}/source/${target}.html${end}`;
}

/** The page's HTML, and its first heading. `page`: its path in the repository; the sources it links to are added to `sources`. */
export function rendered(text, page, sources = new Set()) {
  const marked = new Marked({
    extensions: [
      formula('display', '$$', /^\$\$([\s\S]+?)\$\$(?:\n|$)/, true),
      formula('inline', '$', /^\$((?:[^$\n\\]|\\.)+?)\$(?!\d)/, false),
    ],
    renderer: {
      heading({ tokens, depth }) {
        const html = this.parser.parseInline(tokens);
        return `<h${depth} id="${anchorOf(html)}">${html}</h${depth}>\n`;
      },
      link({ href, tokens, text: label }) {
        const to = hrefOf(href, label, page, sources);
        const inner = this.parser.parseInline(tokens);
        return to === undefined ? inner : `<a href="${to}">${inner}</a>`;
      },
      code({ text: code }) {
        return `<pre tabindex="0"><code>${escaped(code)}</code></pre>\n`;
      },
      table(token) {
        const row = (cells, tag) =>
          `<tr>${cells.map(({ tokens }) => `<${tag}>${this.parser.parseInline(tokens)}</${tag}>`).join('')}</tr>`;
        const body = token.rows.map((cells) => row(cells, 'td')).join('\n');
        return `<div class="scroll" tabindex="0" role="region" aria-label="Table"><table><thead>${row(token.header, 'th')}</thead><tbody>${body}</tbody></table></div>\n`;
      },
    },
  });
  const title = /^# (.+)$/m.exec(text)?.[1] ?? page;
  return { title, html: /** @type {string} */ (marked.parse(text)) };
}

const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A whole page. Scripts are forbidden: there is none. */
function pageOf({ title, html }, up, neighbours, navigation) {
  const links = navigation.map(
    ([file, name]) => `<a href="${up}${file}"${name === 'Guide' ? ' aria-current="page"' : ''}>${name}</a>`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'self' 'unsafe-inline'; img-src 'self' data:">
<title>${escaped(title.replace(/[*`$\\]/g, ''))} · Unweave</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${up}style.css">
</head>
<body>
<header><strong>Unweave</strong><nav aria-label="Pages">${links.join('')}</nav></header>
<main class="text" id="main">
${html}
${neighbours}
</main>
</body>
</html>
`;
}

/** Renders docs into `outdir`/docs: pages, pictures, samples; and the sources they link to. `reference`: it will be there, to be linked to. */
export async function buildGuide(outdir, { reference = false } = {}) {
  const folder = join(root, 'docs');
  await cp(folder, join(outdir, 'docs'), { recursive: true, filter: (path) => !path.endsWith('.md') });
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.md')).sort();
  const sources = new Set();
  const { pages } = await importBundled('src/web/kit/pages.ts');
  const navigation = pages.map(({ file, title }) => [file, title]);
  if (reference) navigation.push(['reference/index.html', 'Reference']);
  const chapters = names.filter((name) => /^guide\/\d/.test(name));
  for (const name of names) {
    const up = '../'.repeat(name.split('/').length);
    const text = await readFile(join(folder, name), 'utf8');
    const at = chapters.indexOf(name);
    const to = (index, word) => {
      const file = chapters[index];
      return file === undefined ? '' : `<a href="${file.replace('guide/', '').replace(/\.md$/, '.html')}">${word}</a>`;
    };
    const neighbours =
      at < 0
        ? ''
        : `<p class="neighbours">${to(at - 1, '← before')} <a href="README.html">contents</a> ${to(at + 1, 'next →')}</p>`;
    const file = join(outdir, 'docs', name.replace(/\.md$/, '.html'));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, pageOf(rendered(text, `docs/${name}`, sources), up, neighbours, navigation));
  }
  for (const source of sources) {
    const lines = (await readFile(join(root, source), 'utf8')).trimEnd().split('\n');
    const code = lines.map((line, i) => `<span id="L${i + 1}">${escaped(line)}\n</span>`).join('');
    const html = `<h1>${source}</h1><pre class="source" tabindex="0"><code>${code}</code></pre>`;
    const file = join(outdir, 'source', `${source}.html`);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, pageOf({ title: source, html }, '../'.repeat(source.split('/').length), '', navigation));
  }
}
