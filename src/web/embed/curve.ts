// Losses on a 2-D canvas: small enough for an element that brings no library of figures.

interface Point {
  readonly step: number;
  readonly terms: Readonly<Record<string, number>>;
}

const WIDTH = 320;
const HEIGHT = 90;
const DASHES: readonly (readonly number[])[] = [[], [5, 3], [1, 3]];

/** Every term on a scale of its own, told apart by dashes, named at the right. */
export function drawCurve(canvas: HTMLCanvasElement, points: readonly Point[], steps: number, colour: string): void {
  const scale = Math.max(1, globalThis.devicePixelRatio);
  [canvas.width, canvas.height] = [WIDTH * scale, HEIGHT * scale];
  const context = canvas.getContext('2d');
  if (context === null || points.length === 0) return;
  context.scale(scale, scale);
  context.strokeStyle = colour;
  context.fillStyle = colour;
  context.font = '10px system-ui, sans-serif';
  for (const [t, term] of Object.keys(points[0].terms).entries()) {
    const values = points.map(({ terms }) => terms[term]);
    const [least, most] = [Math.min(...values), Math.max(...values)];
    const y = (value: number) => HEIGHT - 12 - ((value - least) / Math.max(1e-9, most - least)) * (HEIGHT - 24);
    context.setLineDash([...DASHES[t % DASHES.length]]);
    context.beginPath();
    for (const [i, { step }] of points.entries()) {
      const x = (step / steps) * (WIDTH - 92);
      if (i === 0) context.moveTo(x, y(values[i]));
      else context.lineTo(x, y(values[i]));
    }
    context.stroke();
    context.fillText(`${term.slice(0, 11)} ${(values.at(-1) ?? 0).toFixed(2)}`, WIDTH - 90, 12 + 14 * t);
  }
}
