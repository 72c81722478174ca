// A figure of the pages: drawn by the plots that reports use, with its title, what it shows, its numbers as a table, a cursor for the keyboard,
// and buttons to take it away.

import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Figure, Row } from '../../figures/figureData';
import { type Plots, plot } from '../../figures/plot';
import { takeAwayButtons } from '../../figures/takeAway';
import { drawSoon, forgetDrawing } from './drawing';
import { Table } from './table';

/** Milliseconds between two drawings of a figure, and rows of a table that are shown. */
const REST = 500;
const ROWS = 400;
/** Pixels around the window within which a figure is drawn: what nobody sees can wait. */
const NEAR = '150px';

const rowText = (row: Row): string =>
  Object.entries(row)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

/** The component of a page whose figures are of these kinds. */
export const figureView = (plots: Plots) => (props: { readonly figure: Figure; readonly wide?: number }) => (
  <Drawn plots={plots} {...props} />
);

function Drawn({
  plots,
  figure,
  wide = 760,
}: {
  readonly plots: Plots;
  readonly figure: Figure;
  readonly wide?: number;
}) {
  const place = useRef<HTMLDivElement>(null);
  const buttons = useRef<HTMLDivElement>(null);
  const latest = useRef(figure);
  const drawnAt = useRef(Number.NEGATIVE_INFINITY);
  const [width, setWidth] = useState(0);
  const [near, setNear] = useState(false);
  const [open, setOpen] = useState(false);
  const [cursor, setCursor] = useState<number | null>(null);
  latest.current = figure;

  useLayoutEffect(() => {
    const element = place.current;
    if (element === null) return;
    const watcher = new ResizeObserver(() => setWidth(Math.min(wide, Math.floor(element.clientWidth))));
    watcher.observe(element);
    const seer = new IntersectionObserver((seen) => setNear(seen.some(({ isIntersecting }) => isIntersecting)), {
      rootMargin: NEAR,
    });
    seer.observe(element);
    return () => {
      watcher.disconnect();
      seer.disconnect();
      forgetDrawing(element);
    };
  }, [wide]);

  useEffect(() => {
    const element = place.current;
    if (element === null || width === 0 || !near) return;
    drawSoon(element, drawnAt.current + REST, () => {
      drawnAt.current = performance.now();
      const { rows } = latest.current;
      const made = rows.length === 0 ? [] : [plot(plots, latest.current, width)];
      // Made in one frame, put in place in the next: half as long a task each.
      drawSoon(made, 0, () => element.replaceChildren(...made));
    });
  }, [figure, width, near]);

  useEffect(() => {
    if (place.current !== null)
      buttons.current?.replaceChildren(takeAwayButtons(place.current, latest.current.title, () => latest.current.rows));
  }, [figure.title]);

  const { rows } = figure;
  const move = (event: KeyboardEvent): void => {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 10, ArrowUp: -10 }[event.key];
    if (by === undefined || rows.length === 0) return;
    event.preventDefault();
    setCursor((at) => Math.max(0, Math.min(rows.length - 1, at === null ? 0 : at + by)));
  };
  const at = cursor === null ? undefined : rows[Math.min(cursor, rows.length - 1)];
  return (
    <figure>
      <h3>{figure.title}</h3>
      <div
        class="plot"
        ref={place}
        tabIndex={0}
        role="group"
        aria-label={`${figure.title}: arrow keys read its values`}
        onKeyDown={move}
      />
      {rows.length === 0 && <p class="note">Nothing yet.</p>}
      <p class="cursor" role="status">
        {at === undefined ? '' : `${(cursor ?? 0) + 1} of ${rows.length}: ${rowText(at)}`}
      </p>
      <figcaption>{figure.caption}</figcaption>
      <div class="under">
        <div ref={buttons} />
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>Show data</summary>
          {open && <Rows caption={figure.title} rows={rows} />}
        </details>
      </div>
    </figure>
  );
}

/** Rows as a table; those of a long one that are not shown are in its CSV. */
function Rows({ caption, rows }: { readonly caption: string; readonly rows: readonly Row[] }) {
  const head = Object.keys(rows[0] ?? {});
  const rest = rows.length > ROWS ? `: the first ${ROWS} of ${rows.length} rows; all are in the CSV` : '';
  return (
    <Table
      label={`${caption}, data`}
      caption={`${caption}${rest}`}
      head={head}
      rows={rows.slice(0, ROWS).map((row) => head.map((name) => row[name]))}
    />
  );
}
