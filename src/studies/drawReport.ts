// The script inside report.html: draws every figure from the data that the page carries.

import { curvesFigure, informationFigure, migFigure, traversalSheet } from './figures';
import type { ReportData } from './report';

const { results, traversals } = JSON.parse(document.getElementById('data')?.textContent ?? '') as ReportData;

const figures: Readonly<Record<string, (place: HTMLElement) => Element>> = {
  mig: () => migFigure(results),
  information: () => informationFigure(results),
  reconstruction: () => curvesFigure(results, 'reconstruction'),
  kl: () => curvesFigure(results, 'kl'),
  traversals: ({ dataset }) => traversalSheet(traversals[Number(dataset.index)]),
};

for (const place of document.querySelectorAll<HTMLElement>('[data-figure]'))
  place.replaceChildren(figures[place.dataset.figure ?? ''](place));
