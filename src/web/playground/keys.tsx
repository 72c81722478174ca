// The keys of the playground; they do nothing while a field has the focus.

import { useEffect, useRef } from 'preact/hooks';

const KEYS: readonly (readonly [string, string])[] = [
  ['Space', 'train, pause, go on'],
  ['.', 'one step'],
  ['r', 'reset'],
  ['s', 'copy the link'],
  ['?', 'this list'],
  ['← →', 'in a figure: its values, one by one'],
];

/** Fields take letters; what can be pressed takes Space. */
const takes = (target: EventTarget | null, key: string): boolean => {
  if (!(target instanceof HTMLElement)) return false;
  const fields =
    'input:not([type=checkbox]):not([type=radio]):not([type=range]), select, textarea, dialog, [contenteditable]';
  return target.closest(fields) !== null || (key === ' ' && target.closest('button, summary, a, input') !== null);
};

export function useKeys(actions: Readonly<Record<string, () => void>>): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const action = latest.current[event.key];
      if (
        action === undefined ||
        event.repeat ||
        event.ctrlKey ||
        event.metaKey ||
        event.altKey ||
        takes(event.target, event.key)
      )
        return;
      event.preventDefault();
      action();
    };
    addEventListener('keydown', pressed);
    return () => removeEventListener('keydown', pressed);
  }, []);
}

export function Keys({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    if (open) dialog.current?.showModal();
    else dialog.current?.close();
  }, [open]);
  return (
    <dialog ref={dialog} onClose={onClose} aria-label="Keys">
      <dl>
        {KEYS.map(([key, what]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
      <button type="button" onClick={onClose}>
        Close
      </button>
    </dialog>
  );
}
