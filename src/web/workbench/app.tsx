// The workbench: code that uses the engine, run in a worker on the executor of one's choice, with what it printed, what it ran and how long.

import { useEffect, useRef, useState } from 'preact/hooks';
import { GraphPicture } from '../kit/graphPicture';
import { hashOfPairs, pairsOf } from '../kit/hash';
import { Header, mount, Notices, Part } from '../kit/page';
import { Table } from '../kit/table';
import { Editor, lineOfSyntaxError, type Problem } from './editor';
import { packed, unpacked } from './link';
import type { FromRunner, ToRunner } from './runner';

/** A sample as the build puts it together out of docs/samples. */
interface Sample {
  readonly id: string;
  readonly group: string;
  readonly title: string;
  readonly code: string;
}

type Line = Extract<FromRunner, { kind: 'line' }>;
type Done = Extract<FromRunner, { kind: 'done' }>;
type Phase = 'idle' | 'running' | 'done' | 'failed' | 'stopped';

const module = (name: string): string => new URL(`./library/${name}.js`, import.meta.url).href;
const MODULES: ToRunner['modules'] = {
  unweave: module('unweave'),
  'unweave/cpu': module('cpu'),
  'unweave/data': module('data'),
  'unweave/models': module('models'),
  'unweave/metrics': module('metrics'),
  'unweave/testing': module('testing'),
};
/** From a blob, so that it inherits this page's policy: code out of a link must not speak to anybody. */
const RUNNER = URL.createObjectURL(
  new Blob([`import ${JSON.stringify(module('../runner'))};`], { type: 'text/javascript' }),
);
const MOST_LINES = 500;

function App() {
  const [samples, setSamples] = useState<readonly Sample[]>([]);
  const [chosen, setChosen] = useState('');
  const [code, setCode] = useState('');
  const [version, setVersion] = useState(0);
  const [prefer, setPrefer] = useState<NonNullable<ToRunner['prefer']>>('gpu');
  const [phase, setPhase] = useState<Phase>('idle');
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [ran, setRan] = useState<Done | null>(null);
  const [problem, setProblem] = useState<(Problem & { readonly known: boolean }) | null>(null);
  const [notices, setNotices] = useState<readonly string[]>([]);
  const worker = useRef<Worker | null>(null);
  const tell = (notice: string) => setNotices((all) => [...all.filter((each) => each !== notice), notice]);

  const put = (text: string): void => {
    setCode(text);
    setVersion((n) => n + 1);
    setProblem(null);
  };
  const open = (sample: Sample): void => {
    setChosen(sample.id);
    put(sample.code);
    history.replaceState(null, '', hashOfPairs([['sample', sample.id]]));
  };

  useEffect(() => {
    fetch(new URL('./samples.json', import.meta.url))
      .then((answer) => answer.json())
      .then(async (all: readonly Sample[]) => {
        setSamples(all);
        const pairs = pairsOf(location.hash);
        const text = pairs.get('code');
        if (text !== undefined) {
          const found = await unpacked(text).catch(() => undefined);
          if (found !== undefined) {
            put(found);
            return;
          }
          tell('The code in this link is damaged: it was cut, perhaps. The first sample is shown.');
        }
        const wanted = pairs.get('sample');
        const sample = all.find(({ id }) => id === wanted) ?? all[0];
        if (wanted !== undefined && sample.id !== wanted) tell(`There is no sample ${wanted}; the first is shown.`);
        open(sample);
      })
      .catch((error: Error) => tell(`The samples could not be loaded: ${error.message}`));
  }, []);

  const run = (): void => {
    worker.current?.terminate();
    const own = new Worker(RUNNER, { type: 'module' });
    own.onerror = (event) => {
      setProblem({ line: 1, known: false, message: event.message || 'the worker could not be started' });
      setPhase('failed');
    };
    worker.current = own;
    setPhase('running');
    setLines([]);
    setRan(null);
    setProblem(null);
    own.onmessage = ({ data }: MessageEvent<FromRunner>) => {
      if (data.kind === 'line') setLines((all) => (all.length < MOST_LINES ? [...all, data] : all));
      else if (data.kind === 'done') {
        setRan(data);
        setPhase('done');
        own.terminate();
      } else {
        const line = data.line ?? (data.name === 'SyntaxError' ? lineOfSyntaxError(code) : null);
        setProblem({ line: line ?? 1, known: line !== null, message: `${data.name}: ${data.message}` });
        setPhase('failed');
        own.terminate();
      }
    };
    own.postMessage({ code, prefer, modules: MODULES } satisfies ToRunner);
  };
  const stop = (): void => {
    worker.current?.terminate();
    setPhase('stopped');
  };
  const share = async (): Promise<void> => {
    history.replaceState(null, '', hashOfPairs([['code', await packed(code)]]));
    await navigator.clipboard.writeText(location.href).then(
      () => tell('The link, with the code in it, is copied.'),
      () => tell('The address of this page is the link now: copy it from there.'),
    );
  };
  const at = samples.findIndex(({ id }) => id === chosen);
  const groups = [...new Set(samples.map(({ group }) => group))];
  const programs = ran?.programs ?? [];
  return (
    <div class="app" data-state={phase}>
      <Header current="workbench" />
      <main id="main" tabIndex={-1}>
        <h1>Write a graph, and see what runs</h1>
        <p class="lead">
          Short samples from a sum to an objective of your own. The code runs in a worker of this page, on the executor
          you choose; nothing leaves this computer.
        </p>
        <Notices notices={notices} onClose={() => setNotices([])} />
        <div class="transport" role="group" aria-label="Code">
          <button type="button" class="primary" onClick={phase === 'running' ? stop : run}>
            {phase === 'running' ? '■ Stop' : '▶ Run'}
          </button>
          <label>
            Sample
            <select
              value={chosen}
              onChange={(event) => open(samples[samples.findIndex(({ id }) => id === event.currentTarget.value)])}
            >
              {groups.map((group) => (
                <optgroup key={group} label={group}>
                  {samples
                    .filter((sample) => sample.group === group)
                    .map(({ id, title }) => (
                      <option key={id} value={id}>
                        {title}
                      </option>
                    ))}
                </optgroup>
              ))}
            </select>
          </label>
          <button type="button" disabled={at < 1} onClick={() => open(samples[at - 1])}>
            Previous
          </button>
          <button type="button" disabled={at < 0 || at + 1 >= samples.length} onClick={() => open(samples[at + 1])}>
            Next
          </button>
          <label>
            Runs on
            <select value={prefer} onChange={(event) => setPrefer(event.currentTarget.value as typeof prefer)}>
              <option value="gpu">best there is</option>
              <option value="cpu">CPU, WebAssembly</option>
              <option value="software">WebGPU, also in software</option>
              <option value="reference">plain TypeScript</option>
            </select>
          </label>
          <button type="button" onClick={() => void share()}>
            Copy link
          </button>
        </div>
        <p class="note">Ctrl+Enter runs. In the editor Tab indents; Escape, then Tab, leaves it.</p>
        <div class="sides bench">
          <Editor code={code} version={version} problem={problem} onCode={setCode} onRun={run} />
          <section aria-label="Output">
            <h2>Output</h2>
            <pre class="output" role="log" tabIndex={0}>
              {lines.map(({ level, text }, i) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: a line is its place
                <span key={i} class={level}>
                  {text}
                  {'\n'}
                </span>
              ))}
            </pre>
            {problem !== null && (
              <p class="notices" role="alert">
                {problem.known ? `Line ${problem.line}: ` : ''}
                {problem.message}
              </p>
            )}
            <p class="note" role="status">
              {phase === 'running'
                ? 'running'
                : ran === null
                  ? ''
                  : `${ran.executor === '' ? 'no executor' : ran.executor}, ${ran.ms.toFixed(0)} ms, ${programs.length} program${programs.length === 1 ? '' : 's'}`}
            </p>
          </section>
        </div>
        {programs.length > 0 && (
          <Part id="programs" title="What ran">
            {programs.map(({ description, runs, ms, profile }, i) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a program is its place
              <details key={i} open={i === programs.length - 1}>
                <summary>
                  Program {i + 1}: {runs} run{runs === 1 ? '' : 's'}, {ms.toFixed(1)} ms
                </summary>
                <GraphPicture text={description} label={`Program ${i + 1}`} />
                <details>
                  <summary>Tensors and kernels, in words</summary>
                  <pre tabIndex={0}>{description}</pre>
                </details>
                {profile !== null && (
                  <Table
                    label={`Kernels of program ${i + 1}`}
                    caption="One run by the GPU’s clock"
                    head={['kernel', 'dispatches', 'ms', 'share']}
                    rows={profile.map((row) => [
                      row.kernel,
                      row.dispatches,
                      row.ms.toPrecision(3),
                      `${Math.round(100 * row.share)} %`,
                    ])}
                  />
                )}
              </details>
            ))}
          </Part>
        )}
      </main>
    </div>
  );
}

mount(<App />);
