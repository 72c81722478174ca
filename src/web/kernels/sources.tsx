// Every kernel's sources side by side: WGSL for a GPU, AssemblyScript for a CPU, and the op with its shape rule, gradient and reference. The texts
// are those of the repository, put together when the pages are built (site.mjs), and fetched when somebody looks.

import { useState } from 'preact/hooks';
import { Part } from '../kit/page';

export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

export interface KernelSources {
  readonly name: string;
  /** What it computes: the first lines of its WGSL, without the marks of a comment. */
  readonly about: string;
  readonly files: readonly SourceFile[];
}

export function Sources() {
  const [all, setAll] = useState<readonly KernelSources[] | null>(null);
  const [chosen, setChosen] = useState('matmul_16x16');
  const [problem, setProblem] = useState('');
  const load = (open: boolean): void => {
    if (!open || all !== null) return;
    fetch(new URL('./sources.json', import.meta.url))
      .then(async (answer) => {
        if (!answer.ok) throw new Error(`the server answers ${answer.status}`);
        setAll((await answer.json()) as KernelSources[]);
      })
      .catch((error: Error) => setProblem(`The sources could not be loaded: ${error.message}.`));
  };
  const kernel = all?.find(({ name }) => name === chosen);
  return (
    <Part id="sources" title="Every kernel, in its languages">
      <details onToggle={(event) => load(event.currentTarget.open)}>
        <summary>Read a kernel: formula, reference, WGSL, AssemblyScript</summary>
        {problem !== '' && <p role="alert">{problem}</p>}
        {all !== null && (
          <>
            <label>
              Kernel
              <select value={chosen} onChange={(event) => setChosen(event.currentTarget.value)}>
                {all.map(({ name }) => (
                  <option key={name}>{name}</option>
                ))}
              </select>
            </label>
            <p>{kernel?.about}</p>
            <div class="grid">
              {kernel?.files.map(({ path, text }) => (
                <section key={path} aria-label={path}>
                  <h3>{path}</h3>
                  <pre tabIndex={0}>{text}</pre>
                </section>
              ))}
            </div>
          </>
        )}
      </details>
    </Part>
  );
}
