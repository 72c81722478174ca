// The store of a page, in IndexedDB: records and checkpoints by job, as on disk (runs/store), and the table of the visitor's runs. A browser
// that refuses a database, as private windows may, gets one in memory, for as long as the page is open.

import { type Kind, memoryStore, type Store } from '../../runs/store';

const NAME = 'unweave';
const VERSION = 1;
const RUNS = 'runs';
const KINDS: readonly Kind[] = ['record', 'checkpoint'];

/** A run of the playground: its state as the address has it, and what the visitor calls it. */
export interface RunEntry {
  readonly id: string;
  readonly name: string;
  readonly hash: string;
  readonly made: string;
  readonly pinned: boolean;
}

export interface Database extends Store {
  /** Pinned ones first, then the newest. */
  runs(): Promise<RunEntry[]>;
  putRun(run: RunEntry): Promise<void>;
  removeRun(id: string): Promise<void>;
}

let opened: Promise<Database> | undefined;

export const openDatabase = (): Promise<Database> => {
  opened ??= connect().then(inBrowser, () => inMemory());
  return opened;
};

function connect(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const kind of KINDS) request.result.createObjectStore(kind);
      request.result.createObjectStore(RUNS, { keyPath: 'id' });
    };
    request.onsuccess = () => {
      // A newer page in another tab may want another version: this one must not stand in its way.
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('another tab holds an older database'));
  });
}

const answer = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Done when the browser says it is on disk, not when it was asked for. */
const ended = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new Error('the browser’s database refused to write'));
    transaction.onerror = () => reject(transaction.error);
  });

const inOrder = (runs: readonly RunEntry[]): RunEntry[] =>
  [...runs].sort((a, b) => Number(b.pinned) - Number(a.pinned) || (a.made < b.made ? 1 : -1));

function inBrowser(database: IDBDatabase): Database {
  const read = <T>(name: string, ask: (store: IDBObjectStore) => IDBRequest<T>): Promise<T> =>
    answer(ask(database.transaction(name).objectStore(name)));
  const change = (name: string, ask: (store: IDBObjectStore) => IDBRequest): Promise<void> => {
    const transaction = database.transaction(name, 'readwrite');
    ask(transaction.objectStore(name));
    return ended(transaction);
  };
  return {
    read: (kind, name) => read(kind, (store) => store.get(name) as IDBRequest<Uint8Array | undefined>),
    write: (kind, name, bytes) => change(kind, (store) => store.put(bytes.slice(), name)),
    remove: (kind, name) => change(kind, (store) => store.delete(name)),
    runs: async () => inOrder(await read(RUNS, (store) => store.getAll() as IDBRequest<RunEntry[]>)),
    putRun: (run) => change(RUNS, (store) => store.put(run)),
    removeRun: (id) => change(RUNS, (store) => store.delete(id)),
  };
}

function inMemory(): Database {
  const runs = new Map<string, RunEntry>();
  return {
    ...memoryStore(),
    runs: async () => inOrder([...runs.values()]),
    putRun: async (run) => void runs.set(run.id, run),
    removeRun: async (id) => void runs.delete(id),
  };
}
