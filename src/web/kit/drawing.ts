// Figures take turns: at most one is drawn in a frame, and none more often than it asked for, so that a page that trains two models still
// answers at once.

interface Waiting {
  readonly draw: () => void;
  readonly notBefore: number;
}

const waiting = new Map<object, Waiting>();
let asked = false;

/** Draws soon; asked again before that, only the last counts, and the place in the line is kept. */
export function drawSoon(key: object, notBefore: number, draw: () => void): void {
  waiting.set(key, { draw, notBefore });
  next();
}

export const forgetDrawing = (key: object): void => void waiting.delete(key);

function next(): void {
  if (asked || waiting.size === 0) return;
  asked = true;
  requestAnimationFrame(() => {
    asked = false;
    const now = performance.now();
    for (const [key, { draw, notBefore }] of waiting) {
      if (notBefore > now) continue;
      waiting.delete(key);
      draw();
      break;
    }
    next();
  });
}
