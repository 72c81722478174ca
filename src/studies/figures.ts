// The report's figures, by Observable Plot: SVG made when the report is opened, from the numbers of results.json and nothing else.

import * as Plot from '@observablehq/plot';
import { meanOf } from '../math/statistics';
import type { ArmResult, StudyResults, Traversals } from './results';

const COLOURS = ['#1f6f8b', '#c8553d'];
const INK = '#1c1f26';

const palette = (results: StudyResults) => ({ domain: results.arms.map(({ name }) => name), range: COLOURS });

const style = { fontSize: '13px', fontFamily: 'system-ui, sans-serif', color: INK, background: 'transparent' };

/** MIG of every seed, by arm, with the arms' means; a line joins the two models of one seed. */
export function migFigure(results: StudyResults): Element {
  const dots = results.arms.flatMap(({ name, replicas }) =>
    replicas.map(({ seed, mig }) => ({ arm: name, seed, mig })),
  );
  const means = results.arms.map(({ name, replicas }) => ({ arm: name, mig: meanOf(replicas.map(({ mig }) => mig)) }));
  return labelled(
    Plot.plot({
      style,
      width: 620,
      height: 210,
      marginLeft: 90,
      marginBottom: 44,
      ariaLabel: 'MIG of every seed by arm',
      x: { label: 'MIG →', domain: [0, Math.max(0.5, ...dots.map(({ mig }) => mig)) * 1.05], grid: true },
      y: { label: null, domain: results.arms.map(({ name }) => name), type: 'band' },
      color: palette(results),
      marks: [
        Plot.line(dots, { x: 'mig', y: 'arm', z: 'seed', stroke: '#bbb' }),
        Plot.dot(dots, { x: 'mig', y: 'arm', fill: 'arm', r: 6, fillOpacity: 0.85 }),
        Plot.text(dots, {
          x: 'mig',
          y: 'arm',
          text: (d: { seed: number }) => String(d.seed),
          fill: 'white',
          fontSize: 9,
        }),
        Plot.tickX(means, { x: 'mig', y: 'arm', stroke: 'arm', strokeWidth: 3, insetTop: 12, insetBottom: 12 }),
      ],
    }),
  );
}

/** Reconstruction and KL while training: one line a replica. */
export function curvesFigure(results: StudyResults, term: 'reconstruction' | 'kl'): Element {
  const points = results.arms.flatMap(({ name, replicas }) =>
    replicas.flatMap(({ seed, curves }) =>
      curves.step.map((step, i) => ({ arm: name, run: `${name} ${seed}`, step, nats: curves[term][i] })),
    ),
  );
  return labelled(
    Plot.plot({
      style,
      width: 460,
      height: 240,
      ariaLabel: `${term} while training`,
      x: { label: 'step →' },
      y: { label: `↑ ${term} (nats)`, grid: true, zero: term === 'kl' },
      color: palette(results),
      marks: [
        Plot.line(points, { x: 'step', y: 'nats', z: 'run', stroke: 'arm', strokeWidth: 1.2, strokeOpacity: 0.8 }),
      ],
    }),
  );
}

/** I, C, R and S of the latents of every arm, latents of each replica in order of I; bars are means, dots are seeds. */
export function informationFigure(results: StudyResults): Element {
  const rows = results.arms.flatMap(informationRows);
  const bars = [...new Set(rows.map(({ key }) => key))].map((key) => {
    const group = rows.filter((row) => row.key === key);
    return { ...group[0], nats: meanOf(group.map(({ nats }) => nats)) };
  });
  return labelled(
    Plot.plot({
      style,
      width: 940,
      height: 420,
      marginLeft: 60,
      marginRight: 90,
      ariaLabel: 'Information, conditional information, redundancy and synergy of every latent',
      fx: {
        label: null,
        domain: [1, 2, 3, 4, 5, 6].slice(0, latentCount(results)),
      },
      fy: { label: null, domain: results.arms.map(({ name }) => name) },
      x: { label: null, domain: ['I', 'C', 'R', 'S'] },
      y: { label: '↑ nats', grid: true },
      color: { domain: ['I', 'C', 'R', 'S'], range: ['#1f6f8b', '#7fb7be', '#b8a369', '#c8553d'] },
      marks: [
        Plot.barY(bars, { fx: 'rank', fy: 'arm', x: 'quantity', y: 'nats', fill: 'quantity' }),
        Plot.dot(rows, { fx: 'rank', fy: 'arm', x: 'quantity', y: 'nats', r: 1.6, fill: INK }),
        Plot.ruleY([0]),
      ],
    }),
  );
}

const latentCount = ({ config }: StudyResults): number => config.latents;

function informationRows({ name, replicas }: ArmResult) {
  return replicas.flatMap((replica) => {
    const order = replica.information.map((_, i) => i).sort((a, b) => replica.information[b] - replica.information[a]);
    return order.flatMap((latent, rank) => {
      const quantities = {
        I: replica.information[latent],
        C: replica.conditionalInformation[latent],
        R: replica.redundancy[latent],
        S: replica.synergy[latent],
      };
      return Object.entries(quantities).map(([quantity, nats]) => ({
        arm: name,
        rank: rank + 1,
        quantity,
        nats,
        key: `${name} ${rank} ${quantity}`,
      }));
    });
  });
}

/** A sheet of traversals, a row for each latent, on a 2-D canvas. */
export function traversalSheet({ images, arm, seed }: Traversals): Element {
  const gap = 2;
  const side = Math.round(Math.sqrt(images[0][0].length));
  const canvas = document.createElement('canvas');
  canvas.width = images[0].length * (side + gap);
  canvas.height = images.length * (side + gap);
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Traversals of the ${arm} model, seed ${seed}`);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser has no 2-D canvas');
  context.fillStyle = '#fff';
  context.fillRect(0, 0, canvas.width, canvas.height);
  for (const [latent, row] of images.entries()) {
    for (const [step, pixels] of row.entries()) {
      const picture = context.createImageData(side, side);
      for (const [i, value] of pixels.entries()) {
        const shade = Math.round(255 * Math.min(1, Math.max(0, value)));
        picture.data.set([shade, shade, shade, 255], 4 * i);
      }
      context.putImageData(picture, step * (side + gap), latent * (side + gap));
    }
  }
  return canvas;
}

/** The figure, known as an image to who cannot see it. */
function labelled(figure: Element): Element {
  figure.setAttribute('role', 'img');
  return figure;
}
