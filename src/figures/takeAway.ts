// A figure to take away: as SVG, as PNG of twice its size, its rows as CSV.

import type { Row } from './figureData';

export const download = (name: string, content: Blob): void => {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
};

export function csvOf(rows: readonly Row[]): string {
  const columns = Object.keys(rows[0] ?? {});
  const cell = (value: string | number) =>
    /[",\n]/.test(String(value)) ? `"${String(value).replaceAll('"', '""')}"` : String(value);
  return [columns, ...rows.map((row) => columns.map((column) => cell(row[column])))]
    .map((line) => `${line.join(',')}\n`)
    .join('');
}

/** The last drawing in a place as text, with the colours that the page gives it written into it. */
function svgText(place: Element): string {
  const drawings = place.querySelectorAll('svg');
  const svg = drawings[drawings.length - 1].cloneNode(true) as SVGElement;
  svg.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  const { color, fontFamily, backgroundColor } = getComputedStyle(document.body);
  svg.setAttribute('style', `color: ${color}; background: ${backgroundColor}; font-family: ${fontFamily}`);
  return new XMLSerializer().serializeToString(svg);
}

async function pngOf(place: Element): Promise<Blob> {
  const text = svgText(place);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
  await image.decode();
  const canvas = document.createElement('canvas');
  [canvas.width, canvas.height] = [2 * image.width, 2 * image.height];
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
  return await new Promise((resolve, reject) => {
    canvas.toBlob((blob) =>
      blob === null ? reject(new Error('the figure is too large for a picture')) : resolve(blob),
    );
  });
}

/** Buttons that give the figure in `place` away under a name, as it is when they are pressed. */
export function takeAwayButtons(place: Element, name: string, rows: () => readonly Row[]): HTMLElement {
  const bar = document.createElement('p');
  bar.className = 'take';
  const kinds: [string, () => Blob | Promise<Blob>][] = [
    ['SVG', () => new Blob([svgText(place)], { type: 'image/svg+xml' })],
    ['PNG', () => pngOf(place)],
    ['CSV', () => new Blob([csvOf(rows())], { type: 'text/csv' })],
  ];
  for (const [kind, make] of kinds) {
    const button = document.createElement('button');
    button.textContent = kind;
    button.setAttribute('aria-label', `${name} as ${kind}`);
    button.addEventListener('click', () => {
      // Where nothing is drawn there is no picture to take.
      if (kind !== 'CSV' && place.querySelector('svg') === null) return;
      void Promise.resolve(make()).then((blob) => download(`${name}.${kind.toLowerCase()}`, blob));
    });
    bar.append(button);
  }
  return bar;
}
