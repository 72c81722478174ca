// The worker that runs a visitor's code, as a module of its own: no `eval`. Each run has a new worker, so that nothing is left over, and a loop
// without end can be ended.

import { printed } from './printed';
import type { Ran, Watch } from './watched';

export interface ToRunner {
  readonly code: string;
  readonly prefer: Watch['prefer'];
  /** What a name in an import stands for. */
  readonly modules: Readonly<Record<string, string>>;
}

export type FromRunner =
  | { readonly kind: 'line'; readonly level: 'log' | 'warn' | 'error'; readonly text: string }
  | { readonly kind: 'done'; readonly executor: string; readonly ms: number; readonly programs: readonly Ran[] }
  | { readonly kind: 'failed'; readonly name: string; readonly message: string; readonly line: number | null };

const tell = (message: FromRunner): void => postMessage(message);

for (const level of ['log', 'warn', 'error'] as const)
  console[level] = (...values: unknown[]) => tell({ kind: 'line', level, text: values.map(printed).join(' ') });

/** Names of modules become their addresses; the lines stay where they are. Throws Error for a module that there is not. */
export function resolved(code: string, modules: Readonly<Record<string, string>>): string {
  return code.replace(/(\bfrom\s*|\bimport\s*\(?\s*)(['"])([^'"\n]+)\2/g, (whole, before, quote, name) => {
    if (Object.hasOwn(modules, name)) return `${before}${quote}${modules[name]}${quote}`;
    if (/^(unweave|\.|\/|https?:)/.test(name) || before.startsWith('from'))
      throw new Error(`There is no module '${name}' here; there are ${Object.keys(modules).join(', ')}.`);
    return whole;
  });
}

/** Where in the code an error was thrown, by its stack. */
function lineOf(error: unknown, url: string): number | null {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const at = stack.indexOf(url);
  const match = at < 0 ? null : /^:(\d+)/.exec(stack.slice(at + url.length));
  return match === null ? null : Number(match[1]);
}

async function run({ code, prefer, modules }: ToRunner): Promise<void> {
  let url = '';
  try {
    url = URL.createObjectURL(new Blob([resolved(code, modules)], { type: 'text/javascript' }));
    const watch: Watch = { prefer, programs: [], kind: '' };
    globalThis.unweaveWatch = watch;
    const begun = performance.now();
    await import(url);
    tell({ kind: 'done', executor: watch.kind, ms: performance.now() - begun, programs: watch.programs });
  } catch (cause) {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    tell({ kind: 'failed', name: error.name, message: error.message, line: lineOf(error, url) });
  }
}

addEventListener('unhandledrejection', ({ reason }) => tell({ kind: 'line', level: 'error', text: printed(reason) }));
addEventListener('message', ({ data }: MessageEvent<ToRunner>) => void run(data));
