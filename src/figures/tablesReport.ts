// The page of a study that trains nothing: its finding and its tables.

import { fixed } from '../studies/format';
import type { Table } from '../studies/tables/tableStudy';
import { CSS, escapeHtml, table } from './html';

export interface TableResults {
  readonly study: string;
  readonly question?: string;
  readonly finding: string;
  readonly tables: readonly Table[];
}

export function tablesReport({ study, question = '', finding, tables }: TableResults): string {
  const cell = (value: string | number | null) => (typeof value === 'string' ? value : fixed(value, 4));
  const body = tables.map(
    ({ title, about, head, rows }) =>
      `<h2>${escapeHtml(title)}</h2>${table(
        about,
        head,
        rows.map((row) => row.map(cell)),
      )}`,
  );
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>Unweave: ${escapeHtml(study)}</title><style>${CSS}</style></head><body><main>
<h1>Unweave · study ${escapeHtml(study)}</h1><p class="finding">${escapeHtml(finding)}</p><p>${escapeHtml(question)}</p>
${body.join('\n')}
</main></body></html>
`;
}
