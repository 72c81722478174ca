// A run that was recorded beforehand (record.mjs), so that the page shows something true before it has computed anything; and a few examples
// of each data set.

import { bytesOfBase64 } from '../../figures/paint';
import type { ModelRecord } from '../../runs/record';

export interface Thumbnail {
  readonly name: string;
  readonly shape: readonly number[];
  readonly pixels: Uint8Array;
}

/** The file as it is written. */
export interface RecordedFile {
  readonly adapter: string;
  readonly records: readonly ModelRecord[];
  readonly thumbnails: readonly { readonly name: string; readonly shape: readonly number[]; readonly pixels: string }[];
}

export interface Recorded {
  readonly adapter: string;
  readonly records: ReadonlyMap<string, ModelRecord>;
  readonly thumbnails: readonly Thumbnail[];
}

export const nothingRecorded: Recorded = { adapter: '', records: new Map(), thumbnails: [] };

/** Nothing where it cannot be had: the page works without. */
export async function loadRecorded(url: URL): Promise<Recorded> {
  try {
    const answer = await fetch(url);
    if (!answer.ok) return nothingRecorded;
    const { adapter, records, thumbnails } = (await answer.json()) as RecordedFile;
    return {
      adapter,
      records: new Map(records.map((record) => [record.name, record])),
      thumbnails: thumbnails.map(({ pixels, ...rest }) => ({ ...rest, pixels: bytesOfBase64(pixels) })),
    };
  } catch {
    return nothingRecorded;
  }
}
