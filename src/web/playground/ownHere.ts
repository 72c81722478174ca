// A visitor's data, known to the page as to its workers, so that settings may name them.

import { bringData } from '../../runs/recipe';
import type { OwnFiles } from '../lab/protocol';

export async function bringHere({ images, labels }: OwnFiles, name: string): Promise<void> {
  // Loaded by those who bring data only.
  const { readImages } = await import('../../data/files/images');
  bringData(
    await readImages(new Blob([images]), { name, ...(labels === undefined ? {} : { labels: new Blob([labels]) }) }),
  );
}
