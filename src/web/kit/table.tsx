// A table of the pages: it scrolls by itself where the page is narrow, and can be reached without a mouse.

import type { ComponentChildren } from 'preact';

interface TableProps {
  /** What it is called where it cannot be seen. */
  readonly label: string;
  readonly caption: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly ComponentChildren[])[];
  /** By row: what it is, where rows may move; its place by default. */
  readonly keys?: readonly string[];
}

export function Table({ label, caption, head, rows, keys }: TableProps) {
  return (
    <section class="table" tabIndex={0} aria-label={label}>
      <table>
        <caption>{caption}</caption>
        <thead>
          <tr>
            {head.map((name, c) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a column is its place, and two may have one name
              <th key={c} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((cells, r) => (
            <tr key={keys?.[r] ?? r}>
              {cells.map((cell, c) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: as above
                <td key={c}>{cell}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
