// The host that is headless Chrome: the page does one piece of work after another.

import { InputError } from '../../engine';
import type { Channel, InputOf, OutputOf, WorkName } from '../work';
import { exchange } from './bytes';
import { adapterName, type Host, type HostOptions } from './host';
import type { Exposed } from './page';
import { type Session, withSession } from './session';

export interface ChromeOptions extends HostOptions {
  readonly mode: 'hardware' | 'software';
  /** Whether a browser may be installed where there is none. */
  readonly install: boolean;
  /** Why here. */
  readonly why: string;
}

/** Calls `work` with a Chrome that has an adapter. Throws a CommandError as `withSession`. */
export function withChrome<T>(options: ChromeOptions, work: (host: Host) => Promise<T>): Promise<T> {
  let channel: Channel | undefined;
  const current = (): Channel => {
    if (channel === undefined) throw new Error('the page speaks although it has no work');
    return channel;
  };
  const expose = exchange(
    (name, offset, length) => current().read(name, offset, length),
    (name, bytes) => current().write(name, bytes),
  );
  const onProgress = (stage: string, share: number) => channel?.progress(stage, share);
  return withSession({ ...options, expose, onProgress }, (session) => {
    let last: Promise<unknown> = Promise.resolve();
    const run = <Name extends WorkName>(name: Name, input: InputOf<Name>, own: Channel): Promise<OutputOf<Name>> => {
      const turn = last.then(async (): Promise<OutputOf<Name>> => {
        channel = own;
        try {
          return await evaluate(session, name, input);
        } finally {
          channel = undefined;
        }
      });
      last = turn.catch(() => undefined);
      return turn;
    };
    const { adapter, browserVersion } = session;
    const called = adapterName(adapter);
    const what = adapter.software ? `WebGPU computed on the CPU (${called})` : `GPU (${called})`;
    return work({
      kind: adapter.software ? 'software' : 'gpu',
      adapter,
      says: `${what} in ${browserVersion}: ${options.why}`,
      versions: { browser: browserVersion },
      threads: 1,
      run,
    });
  });
}

async function evaluate<Name extends WorkName>(
  { page }: Session,
  name: Name,
  input: InputOf<Name>,
): Promise<OutputOf<Name>> {
  try {
    return (await page.evaluate(
      (which, given) => (globalThis as unknown as Exposed).unweave.run(which, given as never),
      name,
      input,
    )) as OutputOf<Name>;
  } catch (error) {
    // Of an error in the page its name and its message are left.
    if (error instanceof Error && error.name === 'InputError') throw new InputError(error.message);
    throw error;
  }
}
