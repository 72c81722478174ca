// `<unweave-lab>`: one model that trains in the page that embeds it. This module is one file, for `<script type="module">`: it defines the
// element, and is its own worker, so that nothing else is loaded and no page must allow `eval` or blobs.

import { memoryStore } from '../../runs/store';
import { serveLab } from '../lab/serve';

let importing: string | undefined;

/** A worker of this very file; from another origin, as from a CDN, by way of a module that imports it. */
function makeWorker(): Worker {
  const options = { type: 'module' } as const;
  try {
    return new Worker(import.meta.url, options);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    importing ??= URL.createObjectURL(
      new Blob([`import ${JSON.stringify(import.meta.url)};`], { type: 'text/javascript' }),
    );
    return new Worker(importing, options);
  }
}

if (typeof document === 'undefined') serveLab(async () => memoryStore());
else if (customElements.get('unweave-lab') === undefined) {
  // Not above: a worker has no elements to extend.
  const { LabElement } = await import('./element');
  LabElement.makeWorker = makeWorker;
  customElements.define('unweave-lab', LabElement);
}

export type { LabElement, LabRecord, LabResults, LabState } from './labTypes';
