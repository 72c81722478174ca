// Plots of the kernels page.

import * as Plot from '@observablehq/plot';
import type { Row } from './figureData';
import { base, legend, unique } from './plotParts';

/** The roof from one end of the intensities to the other, with its ridge. */
function roof(rows: readonly Row[]): { intensity: number; gflops: number }[] {
  const [{ topGflops, topGbps } = { topGflops: 1, topGbps: 1 }] = rows;
  const [top, slope] = [Number(topGflops), Number(topGbps)];
  const all = rows.map(({ intensity }) => Number(intensity));
  const ridge = top / slope;
  return [Math.min(...all, ridge) / 2, ridge, Math.max(...all, ridge) * 2].map((intensity) => ({
    intensity,
    gflops: Math.min(top, slope * intensity),
  }));
}

export const kernelPlots = {
  roofline: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    marginLeft: 46,
    height: 360,
    x: { type: 'log', label: 'operations a byte →', grid: true },
    y: { type: 'log', label: '↑ GFLOP/s', grid: true },
    color: { domain: unique(rows, 'op'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.line(roof(rows), { x: 'intensity', y: 'gflops', stroke: 'currentColor', strokeWidth: 2 }),
      Plot.dot(rows, { x: 'intensity', y: 'gflops', fill: 'op', r: 4, title: 'case' }),
    ],
  }),
};
