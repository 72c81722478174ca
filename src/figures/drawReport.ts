// The script inside a report: draws every figure from the data that the page carries, as wide as there is room, and again when that changes.

import type { Figure, Sheet } from './figureData';
import { plot } from './plots';
import { drawSheet } from './sheet';
import { takeAwayButtons } from './takeAway';

const { figures, sheets } = JSON.parse(document.getElementById('data')?.textContent ?? '') as {
  figures: readonly Figure[];
  sheets: readonly Sheet[];
};

const WIDEST = 760;

function draw(place: HTMLElement): void {
  const width = Math.min(WIDEST, place.clientWidth);
  const figure = figures[Number(place.dataset.figure)];
  if (width === 0 || place.dataset.width === String(width)) return;
  place.dataset.width = String(width);
  const [drawing] = place.children;
  const again = plot(figure, width);
  if (drawing === undefined)
    place.append(
      again,
      takeAwayButtons(place, figure.title, () => figure.rows),
    );
  else drawing.replaceWith(again);
}

const watcher = new ResizeObserver((changes) => {
  for (const { target } of changes) draw(target as HTMLElement);
});
for (const place of document.querySelectorAll<HTMLElement>('[data-figure]')) watcher.observe(place);
for (const place of document.querySelectorAll<HTMLElement>('[data-sheet]'))
  place.replaceChildren(drawSheet(sheets[Number(place.dataset.sheet)]));
