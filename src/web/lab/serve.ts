// What a worker does for a page: opens an executor, takes what the page asks, one run at a time.

import { digestOf } from '../../runs/job';
import { bringData } from '../../runs/recipe';
import type { Store } from '../../runs/store';
import { Arm, type Place } from './arm';
import type { FromLab, OwnFiles, Said, ToLab } from './protocol';
import { type Opened, openWhere } from './where';

const tell = (message: FromLab): void => postMessage(message);

let opened: Promise<Opened> | undefined;
let arm: Arm | undefined;
/** Runs come one after the other: one that is stopped ends first. */
let last: Promise<void> = Promise.resolve();

const failedBy =
  (say: (said: Said) => void) =>
  (cause: unknown): void => {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    say({ kind: 'failed', error: error.name, message: error.message });
  };
const failed = failedBy(tell);

async function open(message: Extract<ToLab, { kind: 'open' }>): Promise<void> {
  opened = openWhere(message.prefer);
  const { executor, says, why } = await opened;
  tell({ kind: 'opened', executor: executor.kind, says, why });
}

/** The name says what is in it, so that a job over it has one name everywhere. */
async function bring({ images, labels }: OwnFiles): Promise<void> {
  const digest = await digestOf(images);
  const called = `own-${digest.slice(0, 12)}`;
  // Loaded by those who bring data only.
  const { readImages } = await import('../../data/files/images');
  const file = (bytes: Uint8Array<ArrayBuffer>) => new Blob([bytes]);
  const data = await readImages(file(images), {
    name: called,
    ...(labels === undefined ? {} : { labels: file(labels) }),
  });
  bringData(data);
  tell({ kind: 'brought', name: called, examples: data.count, shape: data.shape });
}

async function place(openStore: () => Promise<Store>): Promise<Place> {
  if (opened === undefined) throw new Error('nothing is open');
  const { executor, adapter } = await opened;
  return { executor, adapter, store: await openStore() };
}

/** Messages that follow are for the new arm; the one before ends first. */
function start(message: Extract<ToLab, { kind: 'run' }>, openStore: () => Promise<Store>): void {
  arm?.stop();
  const say = (said: Said): void => tell({ ...said, run: message.run });
  const own = new Arm(place(openStore), say, message);
  arm = own;
  last = last.then(() => own.run(message).then(() => say({ kind: own.stopped ? 'stopped' : 'done' }), failedBy(say)));
}

/** Does what the page asks; what is made is kept in the store that `openStore` gives. */
export function serveLab(openStore: () => Promise<Store>): void {
  addEventListener('message', ({ data: message }: MessageEvent<ToLab>) => {
    if (message.kind === 'open') void open(message).catch(failed);
    else if (message.kind === 'bring')
      void bring(message.files).catch((error) =>
        tell({ kind: 'refused', message: error instanceof Error ? error.message : String(error) }),
      );
    else if (message.kind === 'run') start(message, openStore);
    else if (message.kind === 'pace') arm?.go(message.running);
    else if (message.kind === 'look') arm?.see(message.look);
    else if (message.kind === 'stop') arm?.stop();
    else arm?.ask(message);
  });
}
