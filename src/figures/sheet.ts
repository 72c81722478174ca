// A sheet of traversals: a row of images for each latent.

import type { Sheet } from './figureData';
import { bytesOfBase64, paint } from './paint';

export function drawSheet({ title, picture: { steps, shape, pixels } }: Sheet): HTMLCanvasElement {
  const canvas = document.createElement('canvas');
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Traversals: ${title}`);
  paint(canvas, { shape, columns: steps, pixels: bytesOfBase64(pixels) });
  return canvas;
}
