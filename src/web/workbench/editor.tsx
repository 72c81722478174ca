// The editor: CodeMirror, with the keys of the page, and a mark on the line of an error.

import { javascript } from '@codemirror/lang-javascript';
import { syntaxHighlighting, syntaxTree } from '@codemirror/language';
import { lintGutter, setDiagnostics } from '@codemirror/lint';
import { EditorState, Prec } from '@codemirror/state';
import { keymap } from '@codemirror/view';
import { classHighlighter } from '@lezer/highlight';
import { basicSetup, EditorView } from 'codemirror';
import { useEffect, useRef } from 'preact/hooks';

export interface Problem {
  readonly line: number;
  readonly message: string;
}

interface Props {
  readonly code: string;
  /** Changes when `code` is another text than the one that was typed. */
  readonly version: number;
  readonly problem: Problem | null;
  readonly onCode: (code: string) => void;
  readonly onRun: () => void;
}

export function Editor({ code, version, problem, onCode, onRun }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView | null>(null);
  const latest = useRef({ onCode, onRun });
  latest.current = { onCode, onRun };
  useEffect(() => {
    if (place.current === null) return;
    const run = {
      key: 'Mod-Enter',
      run: () => {
        latest.current.onRun();
        return true;
      },
    };
    const made = new EditorView({
      parent: place.current,
      state: EditorState.create({
        doc: code,
        extensions: [
          Prec.highest(keymap.of([run])),
          basicSetup,
          javascript(),
          // Classes, so that the page's colours apply, light and dark.
          syntaxHighlighting(classHighlighter),
          lintGutter(),
          EditorView.lineWrapping,
          EditorView.contentAttributes.of({ 'aria-label': 'Code' }),
          EditorView.updateListener.of((update) => {
            if (update.docChanged) latest.current.onCode(update.state.doc.toString());
          }),
        ],
      }),
    });
    view.current = made;
    return () => made.destroy();
  }, [version]);
  useEffect(() => {
    const made = view.current;
    if (made === null) return;
    const line =
      problem === null || problem.line > made.state.doc.lines ? undefined : made.state.doc.line(problem.line);
    const marks =
      line === undefined
        ? []
        : [{ from: line.from, to: line.to, severity: 'error' as const, message: problem?.message ?? '' }];
    made.dispatch(setDiagnostics(made.state, marks));
  }, [problem, version]);
  return <div class="editor" ref={place} />;
}

/** The line at which a text stops being JavaScript: what `import` does not tell. */
export function lineOfSyntaxError(code: string): number | null {
  const state = EditorState.create({ doc: code, extensions: [javascript()] });
  let at: number | null = null;
  syntaxTree(state).iterate({
    enter(node) {
      if (node.type.isError && at === null) at = node.from;
    },
  });
  return at === null ? null : state.doc.lineAt(at).number;
}
