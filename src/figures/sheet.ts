// A sheet of traversals on a 2-D canvas: a row of images for each latent.

import type { Sheet } from './figureData';

const GAP = 1;

export function drawSheet({ title, picture }: Sheet): HTMLCanvasElement {
  const { latents, steps, shape, pixels } = picture;
  const [height, width, channels] = shape;
  const bytes = Uint8Array.from(atob(pixels), (character) => character.charCodeAt(0));
  const canvas = document.createElement('canvas');
  canvas.width = steps * (width + GAP) - GAP;
  canvas.height = latents * (height + GAP) - GAP;
  canvas.setAttribute('role', 'img');
  canvas.setAttribute('aria-label', `Traversals: ${title}`);
  const context = canvas.getContext('2d');
  if (context === null) throw new Error('this browser has no 2-D canvas');
  for (let at = 0; at < latents * steps; at++) {
    const image = context.createImageData(width, height);
    for (let p = 0; p < width * height; p++) {
      const from = (at * width * height + p) * channels;
      for (let c = 0; c < 3; c++) image.data[4 * p + c] = bytes[from + (channels === 1 ? 0 : c)];
      image.data[4 * p + 3] = 255;
    }
    context.putImageData(image, (at % steps) * (width + GAP), Math.floor(at / steps) * (height + GAP));
  }
  return canvas;
}
