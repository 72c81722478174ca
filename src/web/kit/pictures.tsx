// Images of models on a 2-D canvas: rows of equal pictures. A WebGPU canvas would paint nothing headless.

import { useEffect, useRef } from 'preact/hooks';

interface Grid {
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

export function Pictures({
  label,
  onPick,
  ...grid
}: Grid & { readonly label: string; readonly onPick?: (column: number, row: number) => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const { shape, columns, pixels } = grid;
  useEffect(() => {
    if (canvas.current !== null) paint(canvas.current, grid);
  }, [pixels, columns, shape.join()]);
  const pick = (event: MouseEvent): void => {
    const box = canvas.current?.getBoundingClientRect();
    if (box === undefined || onPick === undefined) return;
    const rows = pixels.length / (shape[0] * shape[1] * shape[2]) / columns;
    onPick(
      Math.floor(((event.clientX - box.left) / box.width) * columns),
      Math.floor(((event.clientY - box.top) / box.height) * rows),
    );
  };
  return <canvas ref={canvas} role="img" aria-label={label} onClick={pick} />;
}

export const bytesOfBase64 = (text: string): Uint8Array => Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
