/** What a module prints to the console when it is run in this page. */
export async function printed(code: string): Promise<string> {
  const lines: string[] = [];
  const { log } = console;
  console.log = (...values: unknown[]) => lines.push(values.map(String).join(' '));
  const url = URL.createObjectURL(new Blob([code], { type: 'text/javascript' }));
  try {
    await import(url);
  } finally {
    console.log = log;
    URL.revokeObjectURL(url);
  }
  return lines.map((line) => `${line}\n`).join('');
}
