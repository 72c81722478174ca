// Plots of single models, while they train and after: losses, posteriors of two latents as ellipses, what each latent knows, MIG beside chance.

import * as Plot from '@observablehq/plot';
import type { Row } from './figureData';
import { BAR, base, legend, ruled, unique } from './plotParts';

const POINTS = 25;

/** Points of the ellipses that hold one and two standard deviations of each row's Gaussian: L (cos t, sin t)' times 1 and 2. */
export function ellipses(
  rows: readonly Row[],
): { x: number; y: number; ring: string; sigma: string; value: string | number }[] {
  return rows.flatMap(({ example, x, y, sdX, sdY, correlation, value }) => {
    const [a, b, r] = [Number(sdX), Number(sdY), Number(correlation)];
    const c = Math.sqrt(Math.max(0, 1 - r * r));
    return [1, 2].flatMap((sigma) =>
      Array.from({ length: POINTS }, (_, i) => {
        const t = (2 * Math.PI * i) / (POINTS - 1);
        const [u, v] = [sigma * Math.cos(t), sigma * Math.sin(t)];
        return {
          x: Number(x) + a * u,
          y: Number(y) + b * (r * u + c * v),
          ring: `${example} ${sigma}`,
          sigma: `${sigma} σ`,
          value,
        };
      }),
    );
  });
}

export const modelPlots = {
  training: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    marginLeft: 46,
    height: 220,
    x: { label: 'step →' },
    y: { label: '↑ nats', grid: true },
    color: { domain: unique(rows, 'arm'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.line(rows, {
        x: 'step',
        y: 'nats',
        stroke: 'arm',
        z: (d: Row) => `${d.arm} ${d.seed}`,
        strokeOpacity: (d: Row) => (Number(d.now) > 0 ? 1 : 0.25),
      }),
    ],
  }),
  latents: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    marginLeft: 34,
    height: width,
    aspectRatio: 1,
    x: { label: `${rows[0]?.axisX ?? ''} →`, domain: [-4, 4] },
    y: { label: `↑ ${rows[0]?.axisY ?? ''}`, domain: [-4, 4] },
    color: { scheme: 'viridis', type: 'linear' },
    clip: true,
    marks: [
      Plot.line(ellipses(rows.filter(({ ring }) => Number(ring) > 0)), {
        x: 'x',
        y: 'y',
        z: 'ring',
        stroke: 'value',
        strokeWidth: 1,
        strokeOpacity: 0.7,
      }),
      Plot.dot(rows, { x: 'x', y: 'y', fill: 'value', r: 2 }),
    ],
  }),
  byLatent: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    marginLeft: 40,
    height: 240,
    fx: { domain: unique(rows, 'quantity'), label: null },
    x: { domain: unique(rows, 'at'), axis: null },
    y: { label: '↑ nats', grid: true },
    color: { domain: unique(rows, 'arm'), ...legend, scheme: 'observable10' },
    marks: [
      Plot.ruleY([0], { stroke: 'currentColor', strokeOpacity: 0.5 }),
      Plot.barY(rows, { x: 'at', y: 'nats', fx: 'quantity', fill: 'arm', fillOpacity: 0.75 }),
      Plot.link(rows, { x1: 'at', x2: 'at', y1: 'low', y2: 'high', fx: 'quantity', stroke: 'currentColor' }),
    ],
  }),
  replicas: (rows: readonly Row[], width: number): Plot.PlotOptions => ({
    ...base(rows, width),
    height: 50 + BAR * unique(rows, 'seed').length * unique(rows, 'arm').length * 0.6,
    x: { label: 'MIG →', grid: true, domain: [0, 1] },
    fy: { domain: unique(rows, 'arm'), label: null },
    y: { domain: unique(rows, 'seed'), label: null, axis: null },
    marks: [
      ruled,
      Plot.dot(rows, { x: 'mig', y: 'seed', fy: 'arm', fill: 'arm', r: 4 }),
      Plot.tickX(rows, { x: 'chance', y: 'seed', fy: 'arm', stroke: 'currentColor', strokeDasharray: '2,2' }),
      Plot.tickX(rows, { x: 'ceiling', y: 'seed', fy: 'arm', stroke: 'currentColor', strokeWidth: 2 }),
    ],
  }),
};
