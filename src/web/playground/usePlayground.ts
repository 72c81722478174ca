// What the playground does: its state, which is its address; its session, database and notices; and everything that a button can ask for.

import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { pairsOf } from '../kit/hash';
import { type Database, openDatabase } from '../store/database';
import { readDropped } from './exchange';
import { bringHere } from './ownHere';
import { loadRecorded, nothingRecorded } from './recorded';
import { keepRecords, Session } from './session';
import { copyLink } from './share';
import { armNames, hashOf, type Looks, problemOf, type State, seedsOf, sides, stateOf, withData } from './state';
import { isMoving } from './transport';

/** Milliseconds between two renderings while workers speak. */
const REST = 80;

/** The session, and a rendering soon after whatever it hears. */
function useSession(): Session {
  const [, setVersion] = useState(0);
  const waiting = useRef(false);
  const last = useRef(Number.NEGATIVE_INFINITY);
  return useMemo(
    () =>
      new Session(
        () => new Worker(new URL('./lab.js', import.meta.url), { type: 'module' }),
        () => {
          if (waiting.current) return;
          waiting.current = true;
          const rest = Math.max(0, last.current + REST - performance.now());
          setTimeout(() => {
            waiting.current = false;
            last.current = performance.now();
            setVersion((n) => n + 1);
          }, rest);
        },
      ),
    [],
  );
}

/** Asked for before anything is drawn: the recorded run is what a visitor sees first. */
const soon = { recorded: loadRecorded(new URL('./recorded.json', import.meta.url)), database: openDatabase() };

const decidesRun = ({ base, arms, first, seeds }: State): string => JSON.stringify([base, arms, first, seeds]);

export function usePlayground() {
  const session = useSession();
  const opened = useMemo(() => stateOf(pairsOf(location.hash)), []);
  const [state, setState] = useState(opened.state);
  const [notices, setNotices] = useState<readonly string[]>(opened.notices);
  const [database, setDatabase] = useState<Database | null>(null);
  const [recorded, setRecorded] = useState(nothingRecorded);
  const [slow, setSlow] = useState(false);
  const [seed, setSeed] = useState(opened.state.first);
  const [own, setOwn] = useState<readonly string[]>([]);
  const [runs, setRuns] = useState(0);
  const { arms, phase } = session;
  const busy = isMoving(phase) || phase === 'paused';
  const tell = (notice: string) => setNotices((all) => [...all.filter((each) => each !== notice), notice]);

  useEffect(() => {
    void soon.database.then(setDatabase);
    void soon.recorded.then(setRecorded);
    const changed = () => apply(stateOf(pairsOf(location.hash)));
    addEventListener('hashchange', changed);
    return () => removeEventListener('hashchange', changed);
  }, []);

  const run = decidesRun(state);
  useEffect(() => {
    void session.load(state, database, recorded.records);
  }, [database, recorded, run]);

  /** Whether the state is one that can be trained. */
  const show = (next: State, push = false): boolean => {
    if (decidesRun(next) !== decidesRun(state)) {
      const problem = problemOf(next);
      if (problem !== undefined) {
        tell(problem);
        return false;
      }
      session.clear();
      setSlow(false);
      setSeed(next.first);
    }
    setState(next);
    const hash = hashOf(next);
    if (push) history.pushState(null, '', hash);
    else history.replaceState(null, '', hash);
    return true;
  };

  const dragging = useRef(false);
  /** While something is dragged the address changes in place: one step back undoes the whole of it. */
  const drag = (next: State): void => {
    show(next, !dragging.current);
    dragging.current = true;
  };

  function apply({ state: next, notices: said }: ReturnType<typeof stateOf>): void {
    setState((before) => {
      if (decidesRun(next) !== decidesRun(before)) {
        session.clear();
        setSeed(next.first);
      }
      return next;
    });
    setSlow(false);
    session.look(next.looks);
    setNotices(said);
  }

  const looks = (next: Looks): void => {
    session.look(next);
    show({ ...state, looks: next });
  };

  const start = (paused: boolean): void => {
    const complete = sides.every((side) => seedsOf(state).every((each) => arms[side].records.has(each)));
    session.start(state, { anew: complete, paused });
    history.replaceState(null, '', hashOf(state));
    const names = armNames(state);
    const hash = hashOf(state);
    void soon.database.then(async (kept) => {
      if ((await kept.runs()).some((each) => each.hash === hash)) return;
      const made = new Date().toISOString();
      await kept.putRun({
        id: `${made} ${Math.random()}`,
        name: `${names.left} and ${names.right}`,
        hash,
        made,
        pinned: false,
      });
      setRuns((n) => n + 1);
    });
  };

  const toggle = (): void => {
    if (isMoving(phase)) session.pause();
    else if (phase === 'paused') {
      setSlow(false);
      session.resume();
    } else start(false);
  };
  const step = (stages: boolean): void => {
    if (phase === 'paused') session.advance(1, stages);
    else if (isMoving(phase)) session.pause();
    else start(true);
  };
  const slowly = (): void => {
    if (slow) {
      setSlow(false);
      return;
    }
    setSlow(true);
    if (phase === 'paused') session.advance(1, true);
    else step(true);
  };
  // Slow motion begins when both arms have come to rest.
  useEffect(() => {
    if (slow && phase === 'paused' && sides.every((side) => arms[side].stages === null)) session.advance(1, true);
  }, [slow, phase]);

  const reset = (): void => {
    session.clear();
    setSlow(false);
    void session.load(state, database, recorded.records);
  };
  const share = (): void =>
    void copyLink(state).then((link) => tell(link === null ? 'The link is copied.' : `Copy this link: ${link}`));

  const take = async (files: readonly File[]): Promise<void> => {
    try {
      const dropped = await readDropped(files);
      if (dropped.kind === 'data') {
        const name = await session.bring(dropped.files, state.device);
        setOwn((all) => [...new Set([...all, name])]);
        await bringHere(dropped.files, name);
        if (show(withData(state, name), true)) tell(`Your data are here as ${name}: train on them.`);
        return;
      }
      const here = await soon.database;
      const kept = await keepRecords(here, dropped.records);
      if (dropped.kind === 'run') apply(stateOf(pairsOf(dropped.hash)));
      await session.load(dropped.kind === 'run' ? stateOf(pairsOf(dropped.hash)).state : state, here, recorded.records);
      if (dropped.kind === 'run') history.pushState(null, '', hashOf(stateOf(pairsOf(dropped.hash)).state));
      tell(`${dropped.records.length} records read, ${kept} of them new. Those of the run that is set are shown.`);
    } catch (error) {
      tell(error instanceof Error ? error.message : String(error));
    }
  };

  return {
    session,
    state,
    notices,
    database,
    recorded,
    slow,
    seed,
    own,
    runs,
    busy,
    show,
    looks,
    drag,
    release: () => {
      dragging.current = false;
    },
    toggle,
    step: () => step(false),
    slowly,
    reset,
    share,
    take: (files: readonly File[]) => void take(files),
    open(hash: string) {
      const found = stateOf(pairsOf(hash));
      apply(found);
      history.pushState(null, '', hashOf(found.state));
    },
    setSeed,
    forgetNotices: () => setNotices([]),
    testInvariance: busy ? undefined : () => session.testInvariance(state, seed),
  };
}
