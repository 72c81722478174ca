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
  if (context === null) throw new Error('this browser has no 2-D canvas');
  const image = context.createImageData(across, down);
  // Hoisted: this runs for every picture of every view.
  const { data } = image;
  const grey = channels === 1;
  for (let at = 0; at < count; at++) {
    const [left, top] = [(at % columns) * (width + GAP), Math.floor(at / columns) * (height + GAP)];
    for (let p = 0; p < height * width; p++) {
      const to = 4 * ((top + Math.floor(p / width)) * across + left + (p % width));
      const from = (at * height * width + p) * channels;
      data[to] = pixels[from];
      data[to + 1] = pixels[grey ? from : from + 1];
      data[to + 2] = pixels[grey ? from : from + 2];
      data[to + 3] = 255;
    }
  }
  context.putImageData(image, 0, 0);
}

export function bytesOfBase64(text: string): Uint8Array {
  const letters = atob(text);
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i++) bytes[i] = letters.charCodeAt(i);
  return bytes;
}
