// Pieces of HTML that reports are made of.

export const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (c) => `&#${c.charCodeAt(0)};`);

/** Text that ends no script before its time. */
export const inScript = (text: string): string => text.replace(/<(?=\/script|!--)/gi, '\\u003c');

/** A table that scrolls by itself where the page is narrow; cells are text. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly string[])[]): string {
  const row = (tag: string, values: readonly string[], scope = '') =>
    `<tr>${values.map((value) => `<${tag}${scope}>${escapeHtml(value)}</${tag}>`).join('')}</tr>`;
  return `<div class="table" tabindex="0" role="region" aria-label="${escapeHtml(caption)}"><table><caption>${escapeHtml(caption)}</caption><thead>${row('th', head, ' scope="col"')}</thead><tbody>${rows.map((values) => row('td', values)).join('')}</tbody></table></div>`;
}

export const CSS = `
:root { color-scheme: light dark; --ink: #1c1f26; --soft: #5b6170; --paper: #fbfaf7; --line: #e0ddd4; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e4de; --soft: #a3a7b1; --paper: #17191e; --line: #343841; } }
* { box-sizing: border-box; }
body { font: 16px/1.55 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0 auto; max-width: 820px; padding: 2rem 1rem 4rem; overflow-wrap: anywhere; }
h1 { font-size: 1rem; font-weight: 600; color: var(--soft); margin: 0; }
.finding { font-size: 1.25rem; line-height: 1.42; margin: .5rem 0 1.2rem; }
h2 { font-size: 1.3rem; margin: 2.6rem 0 .3rem; border-top: 1px solid var(--line); padding-top: 1.2rem; }
h3 { font-size: 1.02rem; margin: 1.8rem 0 .3rem; }
p { margin: .4rem 0 .8rem; } .note, figcaption, caption { color: var(--soft); font-size: .88rem; }
figure { margin: .4rem 0 1.2rem; min-width: 0; } figure svg { max-width: 100%; height: auto; }
.sheets { display: grid; grid-template-columns: repeat(auto-fill, minmax(min(100%, 300px), 1fr)); gap: 1rem; }
canvas { image-rendering: pixelated; width: 100%; max-width: 340px; border: 1px solid var(--line); }
.table { overflow-x: auto; max-width: 100%; } caption { text-align: left; padding: .2rem 0; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: .84rem; overflow-wrap: normal; }
th, td { padding: .22rem .55rem; text-align: right; border-bottom: 1px solid var(--line); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; }
.take { margin: .1rem 0; } button { font: inherit; font-size: .76rem; color: var(--soft); background: none; border: 1px solid var(--line); border-radius: 4px; padding: .05rem .5rem; margin-right: .3rem; cursor: pointer; }
details > summary { cursor: pointer; color: var(--soft); margin: .8rem 0; }
@media print { :root { --ink: #000; --soft: #444; --paper: #fff; --line: #ccc; } body { max-width: none; padding: 0; } .take { display: none; } figure, .table { break-inside: avoid; } .table { overflow: visible; } table { font-size: .64rem; } h2 { break-before: page; } }`;
