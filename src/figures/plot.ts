// Figures by Observable Plot: rows in, SVG out. Text takes the page's colour, so that a figure is at home in light and dark. A page brings the plots of the
// kinds it shows, and loads no others.

import * as Plot from '@observablehq/plot';
import type { Figure, FigureKind, Row } from './figureData';

/** By the kind of figure: what is plotted of its rows. */
export type Plots = Readonly<Partial<Record<FigureKind, (rows: readonly Row[], width: number) => Plot.PlotOptions>>>;

/** The figure as wide as there is room, known as an image to who cannot see it. */
export function plot(plots: Plots, { kind, title, rows }: Figure, width: number): Element {
  const options = plots[kind];
  if (options === undefined) throw new RangeError(`this page has no plot for figures of kind ${kind}`);
  const figure = Plot.plot({ ...options(rows, width), ariaLabel: title });
  const svg = figure.tagName === 'svg' ? figure : figure.querySelector(':scope > svg:last-of-type');
  svg?.setAttribute('role', 'img');
  svg?.setAttribute('aria-label', title);
  // A legend's patches say nothing that the words beside them do not.
  for (const patch of figure.querySelectorAll('svg')) if (patch !== svg) patch.setAttribute('aria-hidden', 'true');
  // An image has no parts for who hears it: Plot's names of its marks are no roles.
  for (const part of figure.querySelectorAll('g[aria-label]')) part.removeAttribute('aria-label');
  return figure;
}
