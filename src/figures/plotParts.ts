// What all plots have in common: text in the page's colour, room for the names of arms, one scheme of colours.

import * as Plot from '@observablehq/plot';
import type { Row } from './figureData';

const style = {
  fontSize: '12px',
  fontFamily: 'inherit',
  color: 'currentColor',
  background: 'transparent',
  overflow: 'visible',
};
export const BAR = 30;

export const unique = (rows: readonly Row[], column: string): (string | number)[] => [
  ...new Set(rows.map((row) => row[column])),
];

export const base = (rows: readonly Row[], width: number) => ({
  style,
  width,
  marginLeft: Math.min(110, 16 + 7 * Math.max(...unique(rows, 'arm').map((arm) => String(arm).length))),
  marginBottom: 36,
  color: { domain: unique(rows, 'arm'), scheme: 'observable10' as const },
});

export const legend = { legend: true };
export const ruled = Plot.ruleX([0], { stroke: 'currentColor', strokeOpacity: 0.5 });
