// Tables of things by name, each of which reads its own options: what an entry does not read is refused, since it would
// change nothing and nobody would notice.

import { InputError } from '../engine';

/** Throws InputError, naming what there is, where `options` has one that `name` does not read. */
export function refuseUnread(what: string, name: string, options: object, reads: readonly string[]): void {
  const unread = Object.entries(options).find(([key, value]) => value !== undefined && !reads.includes(key));
  if (unread === undefined) return;
  const known = reads.length === 0 ? 'it takes no options' : `it takes ${reads.join(', ')}`;
  throw new InputError(`the ${what} ${name} has no option ${unread[0]}; ${known}`);
}
