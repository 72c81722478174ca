// Links, files and lessons: what leaves the page.

import { useState } from 'preact/hooks';
import { download } from '../../figures/takeAway';
import { Part } from '../kit/page';
import { historyCsv, runFileOf } from './exchange';
import type { ArmNow } from './session';
import { hashOf, type Side, type State, sides } from './state';

interface Props {
  readonly state: State;
  readonly arms: Readonly<Record<Side, ArmNow>>;
  readonly onFiles: (files: readonly File[]) => void;
}

/** Parts of the page that a lesson may leave out. */
export const parts: Readonly<Record<string, string>> = {
  choices: 'what can be chosen',
  models: 'the two models',
  training: 'losses while training',
  stages: 'stages of a step',
  scores: 'scores',
  information: 'information and invariance',
  runs: 'your runs',
  share: 'save, share, bring',
};

const linkTo = (state: State): string => new URL(hashOf(state), location.href).href;

/** Copies the link; where the clipboard is closed the link is shown, to be copied by hand. */
export async function copyLink(state: State): Promise<string | null> {
  const link = linkTo(state);
  try {
    await navigator.clipboard.writeText(link);
    return null;
  } catch {
    return link;
  }
}

export function Share({ state, arms, onFiles }: Props) {
  const [lesson, setLesson] = useState<readonly string[]>([]);
  const [text, setText] = useState(true);
  const records = { left: arms.left.records, right: arms.right.records };
  const saveJson = () =>
    download(
      'unweave-run.json',
      new Blob([JSON.stringify(runFileOf(state, records, new Date().toISOString(), navigator.userAgent))], {
        type: 'application/json',
      }),
    );
  const saveCsv = () => download('unweave-history.csv', new Blob([historyCsv(state, records)], { type: 'text/csv' }));
  const nothing = sides.every((side) => arms[side].records.size === 0);
  const lessonLink = linkTo({ ...state, hide: lesson, text });
  return (
    <Part id="share" title="Save, share, bring your own" hidden={state.hide.includes('share')}>
      <div class="toolbar">
        <button type="button" onClick={saveJson} disabled={nothing}>
          Save this run (JSON)
        </button>
        <button type="button" onClick={saveCsv} disabled={nothing}>
          Save its history (CSV)
        </button>
        <label class="file">
          Open files
          <input
            type="file"
            multiple
            accept=".json,.npy,.npz,image/*"
            onChange={(event) => onFiles([...(event.currentTarget.files ?? [])])}
          />
        </label>
      </div>
      <p>
        Drop files anywhere on this page: a run that was saved here, the <code>records</code> folder of a study that the
        command line ran, an <code>.npz</code> or <code>.npy</code> of images (with a <code>labels.npy</code>), or a
        folder of pictures. Pictures tell their factors by their names, <code>scale=2_posX=5.png</code>, or by the
        folders they lie in. Nothing leaves this computer.
      </p>
      <details>
        <summary>Make a lesson of it</summary>
        <p class="note">Choose what your students should not see; the link opens the page without it.</p>
        <div class="toolbar">
          {Object.entries(parts).map(([part, what]) => (
            <label key={part} class="check">
              <input
                type="checkbox"
                checked={lesson.includes(part)}
                onChange={() =>
                  setLesson(lesson.includes(part) ? lesson.filter((each) => each !== part) : [...lesson, part])
                }
              />
              {what}
            </label>
          ))}
          <label class="check">
            <input type="checkbox" checked={!text} onChange={(event) => setText(!event.currentTarget.checked)} />
            the explaining text
          </label>
        </div>
        <p>
          <a href={lessonLink}>Link to the lesson</a>
        </p>
      </details>
    </Part>
  );
}
