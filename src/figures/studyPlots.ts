// Plots of studies: what reports are made of.

import * as Plot from '@observablehq/plot';
import type { Row } from './figureData';
import type { Plots } from './plot';
import { BAR, base, legend, ruled, unique } from './plotParts';

const intervals = (rows: readonly Row[], width: number, split: string): Plot.PlotOptions => ({
  ...base(rows, width),
  height: 50 + 24 * unique(rows, 'arm').length * unique(rows, split).length,
  x: { label: 'difference →', grid: true },
  fy: { domain: unique(rows, 'arm'), label: null },
  y: { domain: unique(rows, split), label: null, axis: null },
  color: { domain: unique(rows, split), ...legend, scheme: 'observable10' },
  marks: [
    ruled,
    Plot.link(rows, { x1: 'low', x2: 'high', y1: split, y2: split, fy: 'arm', stroke: split, strokeWidth: 2 }),
    Plot.dot(rows, { x: 'difference', y: split, fy: 'arm', fill: split, r: 4 }),
  ],
});

export const studyPlots: Plots = {
  scores: (rows, width) => ({
    ...base(rows, width),
    height: 50 + 2 * BAR * unique(rows, 'arm').length,
    x: { label: 'MIG →', grid: true, zero: true },
    fy: { domain: unique(rows, 'arm'), label: null },
    y: { domain: unique(rows, 'basis'), label: null, axis: null },
    color: { domain: unique(rows, 'basis'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.line(rows, { x: 'mig', y: 'basis', fy: 'arm', z: 'seed', stroke: 'currentColor', strokeOpacity: 0.2 }),
      Plot.dot(rows, { x: 'mig', y: 'basis', fy: 'arm', fill: 'basis', r: 4, fillOpacity: 0.8 }),
      Plot.tickX(
        rows,
        Plot.groupY({ x: 'mean' }, { x: 'mig', y: 'basis', fy: 'arm', stroke: 'basis', strokeWidth: 3 }),
      ),
    ],
  }),
  differences: (rows, width) => intervals(rows, width, 'basis'),
  factors: (rows, width) => intervals(rows, width, 'factor'),
  dose: (rows, width) => ({
    ...base(rows, width),
    marginLeft: 40,
    height: 260,
    x: {
      label: null,
      domain: unique(
        [...rows].sort((a, b) => Number(a.order) - Number(b.order)),
        'arm',
      ),
      type: 'point',
    },
    y: { label: '↑ MIG', grid: true, zero: true },
    marks: [
      Plot.line(rows, { x: 'arm', y: 'mig', z: 'seed', stroke: 'currentColor', strokeOpacity: 0.25, sort: 'order' }),
      Plot.dot(rows, { x: 'arm', y: 'mig', r: 2.5, fill: 'currentColor', fillOpacity: 0.5 }),
      Plot.lineY(rows, Plot.groupX({ y: 'mean' }, { x: 'arm', y: 'mig', strokeWidth: 2.5, stroke: '#4269d0' })),
    ],
  }),
  coupling: (rows, width) => ({
    ...base(rows, width),
    height: 50 + BAR * unique(rows, 'arm').length,
    x: { label: 'nats →', grid: true },
    y: { domain: unique(rows, 'arm'), label: null },
    color: { domain: ['removable', 'irremovable'], range: ['#97bbf5', '#d06042'], ...legend },
    marks: [Plot.barX(rows, { x: 'nats', y: 'arm', fill: 'part' }), ruled],
  }),
  turning: (rows, width) => ({
    ...base(rows, width),
    marginLeft: 40,
    height: 300,
    x: { label: 't →', ticks: 5 },
    y: { label: '↑ MIG of means', grid: true, zero: true },
    color: { domain: unique(rows, 'arm'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.line(rows, {
        filter: (d: Row) => d.to === 'to its own basis',
        x: 't',
        y: 'mig',
        stroke: 'arm',
        strokeWidth: 2,
      }),
      Plot.line(rows, {
        filter: (d: Row) => d.to !== 'to its own basis',
        x: 't',
        y: 'mig',
        stroke: 'arm',
        strokeDasharray: '4,3',
      }),
      Plot.dot(rows, { x: 't', y: 'mig', fill: 'arm', r: 2.5 }),
    ],
  }),
  information: (rows, width) => ({
    ...base(rows, width),
    height: 60 + BAR * 5 * Math.ceil(unique(rows, 'arm').length / 2),
    x: { label: 'nats →', grid: true },
    fy: { domain: unique(rows, 'quantity'), label: null },
    marginLeft: 60,
    y: { domain: unique(rows, 'arm'), axis: null },
    color: { domain: unique(rows, 'arm'), ...legend, scheme: 'observable10' },
    marks: [Plot.barX(rows, { x: 'nats', y: 'arm', fy: 'quantity', fill: 'arm' }), ruled],
  }),
  learning: (rows, width) => ({
    ...base(rows, width),
    marginLeft: 40,
    height: 260,
    x: { label: 'step →' },
    y: { label: '↑ MIG', grid: true, zero: true },
    color: { domain: unique(rows, 'arm'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.line(rows, { x: 'step', y: 'mig', z: (d: Row) => `${d.arm} ${d.seed}`, stroke: 'arm', strokeOpacity: 0.6 }),
    ],
  }),
  curves: (rows, width) => ({
    ...base(rows, width),
    marginLeft: 46,
    height: 220,
    x: { label: 'step →' },
    y: { label: '↑ nats', grid: true },
    color: { domain: unique(rows, 'arm'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.line(rows, { x: 'step', y: 'nats', z: (d: Row) => `${d.arm} ${d.seed}`, stroke: 'arm', strokeOpacity: 0.5 }),
    ],
  }),
  pointwise: (rows, width) => ({
    ...base(rows, width),
    marginLeft: 40,
    height: 280,
    fx: { domain: unique(rows, 'arm'), label: null },
    x: { label: 'latent →', ticks: unique(rows, 'latent').length, tickFormat: 'd' },
    y: { label: '↑ M(c), nats', grid: true },
    color: {
      domain: ['invariant (equivalence shown)', 'inconclusive', 'not invariant'],
      range: ['#3ca951', '#9498a0', '#ff725c'],
      ...legend,
    },
    marks: [
      Plot.link(rows, { x1: 'at', x2: 'at', y1: 'low', y2: 'high', fx: 'arm', stroke: 'verdict', strokeOpacity: 0.5 }),
      Plot.dot(rows, { x: 'at', y: 'nats', fx: 'arm', fill: 'verdict', r: 2 }),
      Plot.line(rows, { x: 'at', y: 'information', fx: 'arm', z: 'latent', stroke: 'currentColor' }),
    ],
  }),
};
