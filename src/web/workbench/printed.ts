// Values as the workbench prints them, the way Node does: text as it is, lists between brackets, objects between braces.

/** Entries of a list that are printed, and levels of what lies in what. */
const MOST = 100;
const DEEPEST = 3;

export function printed(value: unknown): string {
  return typeof value === 'string' ? value : inside(value, 0);
}

function inside(value: unknown, depth: number): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'bigint') return `${value}n`;
  if (typeof value === 'function') return `[Function: ${value.name || '(anonymous)'}]`;
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value);
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  if (depth >= DEEPEST) return Array.isArray(value) ? '[Array]' : '[Object]';
  if (Array.isArray(value)) return list('', value, depth);
  if (ArrayBuffer.isView(value) && !(value instanceof DataView))
    return list(
      `${value.constructor.name}(${(value as Float32Array).length}) `,
      Array.from(value as Float32Array),
      depth,
    );
  const entries = Object.entries(value).map(([key, each]) => `${key}: ${inside(each, depth + 1)}`);
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
}

function list(before: string, values: readonly unknown[], depth: number): string {
  const shown = values.slice(0, MOST).map((each) => inside(each, depth + 1));
  const rest = values.length > MOST ? [`... ${values.length - MOST} more items`] : [];
  return values.length === 0 ? `${before}[]` : `${before}[ ${[...shown, ...rest].join(', ')} ]`;
}
