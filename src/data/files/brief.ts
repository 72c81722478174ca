// A value out of a file, as an error shows it: short, and of values of any depth.

const MOST = 60;

/** A value in a few characters, for messages. */
export function brief(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value).slice(0, MOST);
  const parts = Object.entries(value).slice(0, 8);
  const inside = parts.map(([key, each]) => {
    const shown = typeof each === 'object' && each !== null ? '...' : brief(each);
    return Array.isArray(value) ? shown : `${key}: ${shown}`;
  });
  const text = inside.join(',').slice(0, MOST);
  return Array.isArray(value) ? `[${text}]` : `{${text}}`;
}
