// The script inside a report: draws its figures from the data that the page carries.

import { drawFigures } from './drawFigures';
import type { Figure, Sheet } from './figureData';

const { figures, sheets } = JSON.parse(document.getElementById('data')?.textContent ?? '') as {
  figures: readonly Figure[];
  sheets: readonly Sheet[];
};
drawFigures(document, figures, sheets);
