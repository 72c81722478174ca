// The visitor's runs, kept in the browser: open, rename, pin, compare, delete.

import { useEffect, useState } from 'preact/hooks';
import { meanOf } from '../../math/statistics';
import { fixed } from '../../studies/format';
import { pairsOf } from '../kit/hash';
import { Part } from '../kit/page';
import { Table } from '../kit/table';
import type { Database, RunEntry } from '../store/database';
import { recordsOf } from './session';
import { armNames, type Side, sides, stateOf } from './state';

interface Line {
  readonly run: RunEntry;
  readonly names: Readonly<Record<Side, string>>;
  readonly about: string;
  readonly finished: number;
  readonly seeds: number;
  readonly migs: Readonly<Record<Side, number>>;
}

const none = new Map<string, never>();

async function lineOf(run: RunEntry, database: Database): Promise<Line> {
  const { state, notices } = stateOf(pairsOf(run.hash));
  // Data of the visitor's own that are not here any more: nothing else's numbers may stand for them.
  if (notices.length > 0)
    return {
      run,
      names: armNames(state),
      about: notices[0],
      finished: 0,
      seeds: state.seeds,
      migs: { left: Number.NaN, right: Number.NaN },
    };
  const records = await recordsOf(state, database, none);
  const mean = (side: Side) => {
    const values = [...records[side].values()].flatMap(({ measures }) => measures.scores?.own.values.mig ?? []);
    return values.length === 0 ? Number.NaN : meanOf(values);
  };
  return {
    run,
    names: armNames(state),
    about: `${state.base.data}, ${state.base.objective}, ${state.base.steps} steps`,
    finished: Math.min(records.left.size, records.right.size),
    seeds: state.seeds,
    migs: { left: mean('left'), right: mean('right') },
  };
}

interface Props {
  readonly database: Database | null;
  /** Changes whenever the table may have. */
  readonly version: number;
  readonly hidden: boolean;
  readonly onOpen: (hash: string) => void;
}

export function RunsTable({ database, version, hidden, onOpen }: Props) {
  const [lines, setLines] = useState<readonly Line[]>([]);
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [changes, setChanges] = useState(0);
  useEffect(() => {
    if (database === null || hidden) return;
    let wanted = true;
    void database
      .runs()
      .then((runs) => Promise.all(runs.map((run) => lineOf(run, database))))
      .then((found) => {
        if (wanted) setLines(found);
      });
    return () => {
      wanted = false;
    };
  }, [database, version, changes, hidden]);
  if (database === null) return null;
  const put = (run: RunEntry) => void database.putRun(run).then(() => setChanges((n) => n + 1));
  const remove = (id: string) => void database.removeRun(id).then(() => setChanges((n) => n + 1));
  const compared = lines.filter(({ run }) => chosen.has(run.id));
  return (
    <Part id="runs" title="Your runs" hidden={hidden}>
      {lines.length === 0 ? (
        <p class="note">Runs that you start are kept here, in this browser, with everything that was found.</p>
      ) : (
        <Table
          label="Your runs"
          caption="Kept in this browser; opening one sets the page to it"
          head={['compare', 'name', 'what', 'seeds', 'MIG left', 'MIG right', 'difference', '']}
          keys={lines.map(({ run }) => run.id)}
          rows={lines.map(({ run, names, about, finished, seeds, migs }) => [
            <input
              key="compare"
              type="checkbox"
              aria-label={`Compare ${run.name}`}
              checked={chosen.has(run.id)}
              onChange={() => setChosen(toggled(chosen, run.id))}
            />,
            <Name key="name" name={run.name} onRename={(name) => put({ ...run, name })} />,
            <>
              {names.left} | {names.right}: {about}
            </>,
            <>
              {finished} of {seeds}
            </>,
            fixed(migs.left, 2),
            fixed(migs.right, 2),
            fixed(migs.right - migs.left, 2),
            <>
              <button type="button" onClick={() => onOpen(run.hash)} aria-label={`Open ${run.name}`}>
                Open
              </button>
              <button
                type="button"
                aria-pressed={run.pinned}
                onClick={() => put({ ...run, pinned: !run.pinned })}
                aria-label={`Pin ${run.name}`}
              >
                {run.pinned ? '★' : '☆'}
              </button>
              <button type="button" onClick={() => remove(run.id)} aria-label={`Delete ${run.name}`}>
                ✕
              </button>
            </>,
          ])}
        />
      )}
      {compared.length > 1 && <Compared lines={compared} />}
    </Part>
  );
}

/** What is typed stays while the table is read again, as it is when a model is finished. */
function Name({ name, onRename }: { readonly name: string; readonly onRename: (name: string) => void }) {
  const [typed, setTyped] = useState(name);
  useEffect(() => setTyped(name), [name]);
  return (
    <input
      type="text"
      aria-label={`Name of ${name}`}
      value={typed}
      onInput={(event) => setTyped(event.currentTarget.value)}
      onChange={() => onRename(typed)}
    />
  );
}

const toggled = (set: ReadonlySet<string>, id: string): ReadonlySet<string> => {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
};

/** What sets the chosen runs apart, key by key, and what came out. */
function Compared({ lines }: { readonly lines: readonly Line[] }) {
  const pairs = lines.map(({ run }) => pairsOf(run.hash));
  const keys = [...new Set(pairs.flatMap((each) => [...each.keys()]))].filter(
    (key) => new Set(pairs.map((each) => each.get(key))).size > 1,
  );
  const rows: (readonly [string, readonly string[]])[] = [
    ...keys.map((key) => [key, pairs.map((each) => each.get(key) ?? '–')] as const),
    ...sides.map((side) => [`MIG ${side}`, lines.map(({ migs }) => fixed(migs[side], 3))] as const),
    ['difference', lines.map(({ migs }) => fixed(migs.right - migs.left, 3))],
  ];
  return (
    <Table
      label="Runs compared"
      caption="What sets them apart, and what came out"
      head={['', ...lines.map(({ run }) => run.name)]}
      rows={rows.map(([key, values]) => [key, ...values])}
    />
  );
}
