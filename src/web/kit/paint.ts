// Images of models on a 2-D canvas: rows of equal pictures. A WebGPU canvas would paint nothing headless.

export interface Grid {
  /** [height, width, channels] of one picture, 8 bits a value. */
  readonly shape: readonly number[];
  readonly columns: number;
  readonly pixels: Uint8Array;
}

const GAP = 1;

export function paint(canvas: HTMLCanvasElement, { shape, columns, pixels }: Grid): void {
  const [height, width, channels] = shape;
  const count = pixels.length / (height * width * channels);
  const [across, down] = [columns * (width + GAP) - GAP, Math.ceil(count / columns) * (height + GAP) - GAP];
  if (canvas.width !== across || canvas.height !== down) [canvas.width, canvas.height] = [across, down];
  const context = canvas.getContext('2d');
  if (context === null) return;
  const image = context.createImageData(across, down);
  for (let at = 0; at < count; at++) {
    const [left, top] = [(at % columns) * (width + GAP), Math.floor(at / columns) * (height + GAP)];
    for (let p = 0; p < height * width; p++) {
      const to = 4 * ((top + Math.floor(p / width)) * across + left + (p % width));
      const from = (at * height * width + p) * channels;
      for (let c = 0; c < 3; c++) image.data[to + c] = pixels[from + (channels === 1 ? 0 : c)];
      image.data[to + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}
