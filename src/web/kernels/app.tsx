// The kernels page: the benchmark on the visitor's adapter with its roofline, history and comparison; every kernel's sources side by side; a
// training step as a picture.

import { useEffect, useRef, useState } from 'preact/hooks';
import { glob } from '../../../bench/statistics';
import type { AdapterDescription } from '../../engine';
import { download } from '../../figures/takeAway';
import { GraphPicture } from '../kit/graphPicture';
import { hashOfPairs, pairsOf } from '../kit/hash';
import { Banner, Explain, Header, mount, Notices, Part } from '../kit/page';
import { Table } from '../kit/table';
import type { Prefer } from '../lab/protocol';
import type { FromBench, Report, ToBench } from './benchWorker';
import { FigureView } from './figure';
import {
  adapterName,
  digits,
  headOf,
  keepReport,
  keptReports,
  markdownOf,
  readReport,
  rooflineFigure,
  rowsOf,
} from './reports';
import { Sources } from './sources';

/** Cases of a first run: the ops that training spends its time in, and one whole step. */
const FIRST = 'matmul*,bernoulli*,step/vae-mlp';

interface Now {
  readonly phase: 'idle' | 'starting' | 'measuring' | 'done' | 'stopped' | 'failed';
  readonly stage: string;
  readonly share: number;
}

type Cases = Extract<FromBench, { kind: 'cases' }>;
type Where = Extract<FromBench, { kind: 'opened' }>;

function App() {
  const pairs = pairsOf(location.hash);
  const [filter, setFilter] = useState(pairs.get('filter') ?? FIRST);
  const [prefer, setPrefer] = useState<Prefer>(
    (['auto', 'cpu', 'software'] as const).find((each) => each === pairs.get('device')) ?? 'auto',
  );
  const [now, setNow] = useState<Now>({ phase: 'idle', stage: '', share: 0 });
  const [where, setWhere] = useState<Where | null>(null);
  const [cases, setCases] = useState<Cases | null>(null);
  const [reports, setReports] = useState<readonly Report[]>(keptReports);
  const [shown, setShown] = useState<string | null>(null);
  const [other, setOther] = useState<string | null>(null);
  const [notices, setNotices] = useState<readonly string[]>([]);
  const worker = useRef<Worker | null>(null);
  const tell = (notice: string) => setNotices((all) => [...all.filter((each) => each !== notice), notice]);

  const open = (): Worker => {
    const made = new Worker(new URL('./benchWorker.js', import.meta.url), { type: 'module' });
    made.onmessage = ({ data }: MessageEvent<FromBench>) => {
      if (data.kind === 'cases') setCases(data);
      else if (data.kind === 'opened') setWhere(data);
      else if (data.kind === 'progress') setNow({ phase: 'measuring', stage: data.stage, share: data.share });
      else if (data.kind === 'report') {
        setReports(keepReport(data.report));
        setShown(null);
        setNow({ phase: 'done', stage: `${data.report.cases.length} cases`, share: 1 });
      } else setNow({ phase: 'failed', stage: data.message, share: 0 });
    };
    made.onerror = (event) =>
      setNow({ phase: 'failed', stage: event.message || 'the worker could not be started', share: 0 });
    worker.current = made;
    return made;
  };
  useEffect(() => {
    open().postMessage({ kind: 'cases' } satisfies ToBench);
  }, []);
  useEffect(() => {
    history.replaceState(
      null,
      '',
      hashOfPairs([
        ['filter', filter],
        ['device', prefer],
      ]),
    );
  }, [filter, prefer]);

  const matching = cases?.names.filter(glob(filter)) ?? [];
  const start = (): void => {
    if (matching.length === 0) {
      tell(
        `No case matches “${filter}”. Cases are named like ${cases?.names.slice(0, 3).join(', ')}; * stands for anything, a comma for or.`,
      );
      return;
    }
    setNow({ phase: 'starting', stage: 'opening the adapter', share: 0 });
    worker.current?.postMessage({ kind: 'bench', prefer, filter, browser: navigator.userAgent } satisfies ToBench);
  };
  const stop = (): void => {
    worker.current?.terminate();
    open();
    setNow({ phase: 'stopped', stage: 'stopped; what was measured is not kept', share: 0 });
  };
  const take = async (files: FileList | null): Promise<void> => {
    try {
      for (const file of files ?? []) setReports(keepReport(readReport(await file.text(), file.name)));
      setShown(null);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  };
  const running = now.phase === 'measuring' || now.phase === 'starting';
  const report = reports.find(({ date }) => date === shown) ?? reports.at(0);
  const compared = reports.find(({ date }) => date === other);
  return (
    <div class="app" data-state={now.phase}>
      <Header current="kernels" />
      <main id="main" tabIndex={-1}>
        <h1>How fast is every kernel here?</h1>
        <p class="lead">
          The benchmark of <code>unweave bench</code>, on your adapter: warm-ups apart, rounds over all cases in turn,
          median and spread, and the ceilings measured beside them, never quoted.
        </p>
        <Banner says={where?.says ?? ''} why={where?.why ?? null} />
        <Notices notices={notices} onClose={() => setNotices([])} />
        <div class="transport" role="group" aria-label="Benchmark">
          <button type="button" class="primary" onClick={running ? stop : start} disabled={cases === null}>
            {running ? '■ Stop' : '▶ Measure'}
          </button>
          <label>
            Cases
            <input
              type="text"
              value={filter}
              disabled={running}
              onInput={(event) => setFilter(event.currentTarget.value)}
              list="cases"
            />
            <datalist id="cases">
              {['*', FIRST, ...new Set(cases?.names.map((name) => `${name.split('/')[0]}*`))].map((each) => (
                <option key={each} value={each} />
              ))}
            </datalist>
          </label>
          <label>
            Runs on
            <select
              value={prefer}
              disabled={running}
              onChange={(event) => setPrefer(event.currentTarget.value as Prefer)}
            >
              <option value="auto">best there is</option>
              <option value="software">WebGPU, also in software</option>
              <option value="cpu">CPU, WebAssembly</option>
            </select>
          </label>
          <label class="progress">
            <progress value={now.share} max={1} aria-label="Progress of the benchmark" />
            <span role="status">{now.stage === '' ? `${matching.length} cases` : now.stage}</span>
          </label>
        </div>
        <div class="toolbar">
          <label class="file">
            Open a report
            <input type="file" accept=".json" multiple onChange={(event) => void take(event.currentTarget.files)} />
          </label>
        </div>
        {report !== undefined && (
          <Part id="report" title="What was measured">
            <div class="toolbar">
              <Choice label="Report" reports={reports} value={report.date} onChange={setShown} />
              <Choice label="Compare with" reports={reports} value={other} none="nothing" onChange={setOther} />
              <button
                type="button"
                onClick={() =>
                  void navigator.clipboard.writeText(markdownOf(report, compared)).then(
                    () => tell('The table is copied as Markdown.'),
                    () => tell('The clipboard is closed to this page: save the JSON instead.'),
                  )
                }
              >
                Copy as Markdown
              </button>
              <button
                type="button"
                onClick={() =>
                  download(
                    'unweave-bench.json',
                    new Blob([JSON.stringify(report, null, 1)], { type: 'application/json' }),
                  )
                }
              >
                Save JSON
              </button>
            </div>
            <p class="note">
              {adapterName(report)}
              {report.adapter.software ? ' (software)' : ''}, {report.browser}, {report.date}. Ceilings:{' '}
              {digits(report.roofline.gflops)} GFLOP/s multiply-add, {digits(report.roofline.gbps)} GB/s copy,{' '}
              {digits(report.roofline.launchUs)} µs a launch. {report.method}
            </p>
            <FigureView figure={rooflineFigure(report)} />
            <Table
              label="Cases"
              caption="Every case; the share is that of the nearer ceiling"
              head={headOf(compared)}
              rows={rowsOf(report, compared)}
            />
            <DeviceCard adapter={report.adapter} />
          </Part>
        )}
        <Sources />
        {cases !== null && (
          <Part id="step" title="A training step, as it runs">
            <Explain what="What is this?" more="docs/guide/06-engine.html">
              The whole step of the quick study’s model, forward, backward and update: a graph of tensors, made once and
              then replayed. Columns say how much must be computed before; a box tells its kernels, their workgroups,
              and where in memory its result lies and until when.
            </Explain>
            <GraphPicture text={cases.step} label="A training step" />
            <details>
              <summary>The same step as kernels of a graphics processor, in words</summary>
              <pre>{cases.onGpu}</pre>
            </details>
          </Part>
        )}
      </main>
    </div>
  );
}

function Choice({
  label,
  reports,
  value,
  none,
  onChange,
}: {
  readonly label: string;
  readonly reports: readonly Report[];
  readonly value: string | null;
  readonly none?: string;
  readonly onChange: (date: string | null) => void;
}) {
  return (
    <label>
      {label}
      <select
        value={value ?? ''}
        onChange={(event) => onChange(event.currentTarget.value === '' ? null : event.currentTarget.value)}
      >
        {none !== undefined && <option value="">{none}</option>}
        {reports.map((report) => (
          <option key={report.date} value={report.date}>
            {report.date.slice(0, 16).replace('T', ' ')}, {adapterName(report)}
          </option>
        ))}
      </select>
    </label>
  );
}

function DeviceCard({ adapter }: { readonly adapter: AdapterDescription }) {
  return (
    <details>
      <summary>Device card</summary>
      <dl>
        {[
          ['vendor', adapter.vendor],
          ['architecture', adapter.architecture],
          ['description', adapter.description],
          ['software', adapter.software ? 'yes' : 'no'],
          ['features', adapter.features.join(', ') || 'none'],
          ...Object.entries(adapter.limits).map(([name, value]) => [name, value.toLocaleString('en')]),
        ].map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

mount(<App />);
