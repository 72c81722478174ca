// What every page has: its way to the others, light and dark, a line that says where it computes, and the notices.

import { type ComponentChildren, render } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { type PageName, pages } from './pages';

const themes = ['auto', 'light', 'dark'] as const;
type Theme = (typeof themes)[number];

const THEME = 'unweave.theme';

function readTheme(): Theme {
  try {
    const found = localStorage.getItem(THEME);
    return themes.find((theme) => theme === found) ?? 'auto';
  } catch {
    return 'auto';
  }
}

function applyTheme(theme: Theme): void {
  if (theme === 'auto') delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
  try {
    localStorage.setItem(THEME, theme);
  } catch {
    // Where nothing may be kept the choice lasts as long as the page.
  }
}

export function Header({ current }: { readonly current: PageName }) {
  const [theme, setTheme] = useState<Theme>(readTheme);
  useEffect(() => applyTheme(theme), [theme]);
  const after = themes[(themes.indexOf(theme) + 1) % themes.length];
  return (
    <header>
      <button type="button" class="skip" onClick={skip}>
        To the content
      </button>
      <strong>Unweave</strong>
      <nav aria-label="Pages">
        {pages.map(({ name, file, title }) => (
          <a key={name} href={file} aria-current={name === current ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <button type="button" onClick={() => setTheme(after)} aria-label={`Colours: ${theme}; change to ${after}`}>
        {theme === 'dark' ? '☾' : theme === 'light' ? '☼' : '◐'} {theme}
      </button>
    </header>
  );
}

/** Not a link: the address is the page's state, which a jump must not change. */
function skip(): void {
  const main = document.getElementById('main');
  main?.focus();
  main?.scrollIntoView();
}

/** Where it computes, and what would be needed for better. */
export function Banner({ says, why }: { readonly says: string; readonly why: string | null }) {
  if (says === '') return null;
  return (
    <p class="banner" role="status">
      Runs on: {says}. {why !== null && <span>{why}</span>}
    </p>
  );
}

export function Notices({ notices, onClose }: { readonly notices: readonly string[]; readonly onClose: () => void }) {
  if (notices.length === 0) return null;
  return (
    <div class="notices" role="alert">
      {notices.map((notice) => (
        <p key={notice}>{notice}</p>
      ))}
      <button type="button" onClick={onClose}>
        Close
      </button>
    </div>
  );
}

/** A part of the page with a heading, which a lesson may hide. */
export function Part({
  id,
  title,
  hidden = false,
  children,
}: {
  readonly id: string;
  readonly title: string;
  readonly hidden?: boolean;
  readonly children: ComponentChildren;
}) {
  if (hidden) return null;
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {children}
    </section>
  );
}

/** One sentence, one formula, and where to read more: in place. */
export function Explain({
  what,
  formula,
  more,
  children,
}: {
  readonly what: string;
  readonly formula?: string;
  readonly more?: string;
  readonly children: ComponentChildren;
}) {
  return (
    <details class="explain">
      <summary>{what}</summary>
      <p>{children}</p>
      {formula !== undefined && <p class="formula">{formula}</p>}
      {more !== undefined && (
        <p>
          <a href={more}>Read more</a>
        </p>
      )}
    </details>
  );
}

/** Puts a page in the place of what it was served with. */
export function mount(page: ComponentChildren): void {
  const root = document.getElementById('app');
  if (root === null) throw new Error('the document has no place for the page');
  root.replaceChildren();
  render(page, root);
}
