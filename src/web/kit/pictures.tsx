// Images of models as a component: see figures/paint.

import { useEffect, useRef } from 'preact/hooks';
import { type Grid, paint } from '../../figures/paint';

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
