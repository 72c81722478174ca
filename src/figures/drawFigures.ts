// Draws the figures of a report into their places, as wide as there is room, and again when that changes.

import type { Figure, Sheet } from './figureData';
import { plot } from './plot';
import { drawSheet } from './sheet';
import { studyPlots } from './studyPlots';
import { takeAwayButtons } from './takeAway';

const WIDEST = 760;

function draw(place: HTMLElement, figure: Figure): void {
  const width = Math.min(WIDEST, place.clientWidth);
  if (width === 0 || place.dataset.width === String(width)) return;
  place.dataset.width = String(width);
  const [drawing] = place.children;
  const again = plot(studyPlots, figure, width);
  if (drawing === undefined)
    place.append(
      again,
      takeAwayButtons(place, figure.title, () => figure.rows),
    );
  else drawing.replaceWith(again);
}

/** Places are elements under `root` with `data-figure` or `data-sheet`, the number of what belongs there. */
export function drawFigures(root: ParentNode, figures: readonly Figure[], sheets: readonly Sheet[]): void {
  const watcher = new ResizeObserver((changes) => {
    for (const { target } of changes)
      draw(target as HTMLElement, figures[Number((target as HTMLElement).dataset.figure)]);
  });
  for (const place of root.querySelectorAll<HTMLElement>('[data-figure]')) watcher.observe(place);
  for (const place of root.querySelectorAll<HTMLElement>('[data-sheet]'))
    place.replaceChildren(drawSheet(sheets[Number(place.dataset.sheet)]));
}
