// Plots of the theory lab.

import * as Plot from '@observablehq/plot';
import type { Row } from './figureData';
import { base, legend, ruled, unique } from './plotParts';

const partColours = { domain: ['I', 'S', 'R', 'C'], range: ['#4269d0', '#ff725c', '#9498a0', '#3ca951'] };

export const theoryPlots = {
  bridge: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    marginLeft: 130,
    height: 130,
    x: { label: 'nats →', grid: true },
    y: { domain: unique(rows, 'side'), label: null },
    color: { ...partColours, ...legend },
    marks: [Plot.barX(rows, { x: 'nats', y: 'side', fill: 'part', insetTop: 2, insetBottom: 2 }), ruled],
  }),
  beside: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    marginLeft: 30,
    height: 190,
    x: { label: 'nats →', grid: true },
    y: { domain: ['I', 'C', 'R', 'S'], label: null },
    color: partColours,
    marks: [
      Plot.barX(rows, { x: 'exact', y: 'quantity', fill: 'quantity', fillOpacity: 0.55 }),
      Plot.link(rows, {
        filter: (d: Row) => Number.isFinite(d.found),
        x1: 'low',
        x2: 'high',
        y1: 'quantity',
        y2: 'quantity',
        stroke: 'currentColor',
        strokeWidth: 2,
      }),
      Plot.dot(rows, {
        filter: (d: Row) => Number.isFinite(d.found),
        x: 'found',
        y: 'quantity',
        fill: 'currentColor',
        r: 4,
      }),
      ruled,
    ],
  }),
  pointwiseCurve: (rows: readonly Row[], width: number): Plot.PlotOptions => {
    const of = (what: string) => rows.filter((row) => row.what === what);
    const few = of('exact').length < 5;
    return {
      ...base(rows, width),
      marginLeft: 40,
      height: 240,
      x: { label: 'c →', ...(few ? { ticks: [0, 1] } : {}) },
      y: { label: '↑ M₁(c), nats', grid: true, zero: true },
      marks: [
        Plot.areaY(of('estimate'), { x: 'c', y1: 'bandLow', y2: 'bandHigh', fill: 'currentColor', fillOpacity: 0.12 }),
        Plot.line(of('I'), { x: 'c', y: 'nats', stroke: 'currentColor', strokeDasharray: '4,3' }),
        few
          ? Plot.dot(of('exact'), { x: 'c', y: 'nats', fill: '#3ca951', r: 6 })
          : Plot.line(of('exact'), { x: 'c', y: 'nats', stroke: '#3ca951', strokeWidth: 2 }),
        Plot.link(of('estimate'), { x1: 'c', x2: 'c', y1: 'low', y2: 'high', stroke: 'currentColor' }),
        Plot.dot(of('estimate'), { x: 'c', y: 'nats', fill: 'currentColor', r: 3 }),
      ],
    };
  },
  turn: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    marginLeft: 40,
    height: 260,
    x: { label: 'W turns by, degrees →' },
    y: { label: '↑ nats', grid: true, zero: true },
    color: { domain: unique(rows, 'curve'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.line(rows, { x: 'turn', y: 'nats', stroke: 'curve', strokeWidth: 2 }),
      Plot.dot(rows, { filter: (d: Row) => Number(d.now) > 0, x: 'turn', y: 'nats', fill: 'curve', r: 5 }),
    ],
  }),
};
