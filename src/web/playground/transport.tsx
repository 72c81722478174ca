// The buttons that run a run, and how far it is.

import { useEffect, useRef, useState } from 'preact/hooks';
import type { Phase } from './session';

/** Milliseconds between two things that are read out. */
const SPOKEN_EVERY = 5000;

/** A text that changes all the time, as often as somebody can listen to it. */
function useSpoken(text: string): string {
  const [spoken, setSpoken] = useState(text);
  const latest = useRef(text);
  latest.current = text;
  useEffect(() => {
    const timer = setInterval(() => setSpoken(latest.current), SPOKEN_EVERY);
    return () => clearInterval(timer);
  }, []);
  return spoken;
}

interface TransportProps {
  readonly phase: Phase;
  readonly hasRecords: boolean;
  readonly slow: boolean;
  readonly progress: number;
  readonly says: string;
  readonly onRun: () => void;
  readonly onStep: () => void;
  readonly onSlow: () => void;
  readonly onReset: () => void;
  readonly onShare: () => void;
  readonly onKeys: () => void;
}

export const isMoving = (phase: Phase): boolean =>
  phase === 'starting' || phase === 'training' || phase === 'measuring';

export function Transport({
  phase,
  hasRecords,
  slow,
  progress,
  says,
  onRun,
  onStep,
  onSlow,
  onReset,
  onShare,
  onKeys,
}: TransportProps) {
  const running = isMoving(phase);
  const label = running
    ? 'Pause'
    : phase === 'paused'
      ? 'Go on'
      : phase === 'done' || hasRecords
        ? 'Train again'
        : 'Train';
  return (
    <div class="transport" role="group" aria-label="Run">
      <button type="button" class="primary" onClick={onRun} disabled={phase === 'measuring'}>
        {running ? '❚❚ ' : '▶ '}
        {label}
      </button>
      <button type="button" onClick={onStep} disabled={phase === 'measuring' || phase === 'starting'}>
        One step
      </button>
      <button
        type="button"
        onClick={onSlow}
        aria-pressed={slow}
        disabled={phase === 'measuring' || phase === 'starting'}
      >
        Slow motion
      </button>
      <button type="button" onClick={onReset} disabled={phase === 'idle' && !hasRecords}>
        Reset
      </button>
      <button type="button" onClick={onShare}>
        Copy link
      </button>
      <button type="button" onClick={onKeys} aria-label="Keys">
        ?
      </button>
      <label class="progress">
        <progress value={progress} max={1} aria-label="Progress of the run" />
        <span>{says}</span>
      </label>
      <span class="unseen" role="status">
        {useSpoken(says)}
      </span>
    </div>
  );
}
