// A study's report as a page: the recorded run, or a results.json that the command line wrote, with the records beside it, dropped here.

import { useEffect, useRef, useState } from 'preact/hooks';
import { InputError } from '../../engine';
import { drawFigures } from '../../figures/drawFigures';
import { type ReportBody, reportBody } from '../../figures/report';
import { type ModelRecord, parseRecord } from '../../runs/record';
import { RESULTS_VERSION, type Results } from '../../studies/results';
import { Header, mount, Notices } from '../kit/page';
import { useDrop } from '../playground/drop';
import { loadRecorded } from '../playground/recorded';
import { recordsOf } from '../playground/session';
import { defaults } from '../playground/state';
import { resultsOfState } from '../playground/study';

/** Reads results and records. Throws InputError, naming the file. */
async function readResults(files: readonly File[]): Promise<ReportBody> {
  const all: Results[] = [];
  const records = new Map<string, ModelRecord>();
  for (const file of files.filter(({ name }) => name.endsWith('.json'))) {
    if (file.name === 'results.json' || files.length === 1) all.push(resultsIn(await file.text(), file.name));
    else {
      const record = await parseRecord(new Uint8Array(await file.arrayBuffer()), file.name).catch((error) => {
        // Other files of a study's folder are no records.
        if (error instanceof InputError && /is no record/.test(error.message)) return undefined;
        throw error;
      });
      if (record !== undefined) records.set(record.name, record);
    }
  }
  if (all.length === 0)
    throw new InputError(
      'There is no results.json among these files: drop the folder that unweave study wrote, or that file.',
    );
  return reportBody(all, records);
}

function resultsIn(text: string, name: string): Results {
  let found: Partial<Results>;
  try {
    found = JSON.parse(text) as Partial<Results>;
  } catch {
    throw new InputError(`${name} is not JSON; was it cut off?`);
  }
  if (found === null || typeof found !== 'object' || found.analysis === undefined || !Array.isArray(found.records))
    throw new InputError(`${name} holds no results of a study.`);
  if (found.schemaVersion !== RESULTS_VERSION)
    throw new InputError(
      `${name} has results of version ${found.schemaVersion}; this page reads ${RESULTS_VERSION}: report the study again.`,
    );
  return found as Results;
}

async function recordedBody(): Promise<ReportBody | null> {
  const { records } = await loadRecorded(new URL('./recorded.json', import.meta.url));
  const found = await recordsOf(defaults, null, records);
  const results = resultsOfState(defaults, found);
  return results === undefined ? null : reportBody([results], records);
}

function App() {
  const [body, setBody] = useState<ReportBody | null>(null);
  const [recorded, setRecorded] = useState(true);
  const [notices, setNotices] = useState<readonly string[]>([]);
  const place = useRef<HTMLDivElement>(null);
  const take = (files: readonly File[]): void =>
    void readResults(files).then(
      (found) => {
        setBody(found);
        setRecorded(false);
        setNotices([]);
      },
      (error: Error) => setNotices([error.message]),
    );
  const over = useDrop(take);
  useEffect(
    () =>
      void recordedBody().then(
        (found) => setBody((now) => now ?? found),
        (error: Error) => setNotices([error.message]),
      ),
    [],
  );
  useEffect(() => {
    if (body === null || place.current === null) return;
    // What it is made of was escaped when it was made (figures/report).
    place.current.innerHTML = body.html;
    drawFigures(place.current, body.figures, body.sheets);
  }, [body]);
  return (
    <div class={`app${over ? ' over' : ''}`} data-state={body === null ? 'starting' : 'done'}>
      <Header current="report" />
      <main id="main" tabIndex={-1}>
        <Notices notices={notices} onClose={() => setNotices([])} />
        <div class="toolbar">
          <p class="note">
            {recorded ? 'The playground’s recorded run, as a study’s report. ' : ''}Drop the folder that{' '}
            <code>unweave study</code> wrote, or its <code>results.json</code>, on this page to read its report here.
          </p>
          <label class="file">
            Open results
            <input
              type="file"
              multiple
              accept=".json"
              onChange={(event) => take([...(event.currentTarget.files ?? [])])}
            />
          </label>
        </div>
        <div class="report" ref={place} />
      </main>
    </div>
  );
}

mount(<App />);
