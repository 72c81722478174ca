// Where what jobs leave is kept: bytes by kind and by the job's name. A folder on disk, the memory of a test, a database in a page.

export type Kind = 'record' | 'checkpoint';

export interface Store {
  /** Undefined where there is nothing. */
  read(kind: Kind, name: string): Promise<Uint8Array | undefined>;
  /** Whole or not at all: who reads sees the old bytes or the new. */
  write(kind: Kind, name: string, bytes: Uint8Array): Promise<void>;
  remove(kind: Kind, name: string): Promise<void>;
}

export function memoryStore(): Store & { readonly files: Map<string, Uint8Array> } {
  const files = new Map<string, Uint8Array>();
  const key = (kind: Kind, name: string) => `${kind}/${name}`;
  return {
    files,
    read: async (kind, name) => files.get(key(kind, name)),
    write: async (kind, name, bytes) => void files.set(key(kind, name), bytes.slice()),
    remove: async (kind, name) => void files.delete(key(kind, name)),
  };
}
