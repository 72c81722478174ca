// Which host: as asked, or, with `auto`, a GPU where there is one and a Chrome that can use it, else the CPU. No browser is installed
// unless one is asked for.

import { CommandError, exitCodes } from '../errors';
import { installedBrowser } from './browser';
import { withChrome } from './chrome';
import type { Host, HostOptions } from './host';
import { hasGpu } from './launch';
import { defaultThreads, withThreads } from './threads';

export { adapterName, type DeviceChoice, devices, type Host, type HostOptions, whereOptions } from './host';

/** How many pieces of work will run at once, as far as that is known before there is a host. */
export const threadsOf = ({ device, threads = defaultThreads() }: HostOptions): number =>
  device === 'cpu' || (device === 'auto' && !hasGpu()) ? threads : 1;

const OTHERWISE = 'choose otherwise with --device gpu, cpu or software';

/**
 * Calls `work` with a host. Throws a CommandError: exit code 3 where what was asked for is not there, 1 where what computes goes
 * away, that of the signal where one ends it; with the command to go on with where there is one.
 */
export async function withHost<T>(options: HostOptions, work: (host: Host) => Promise<T>): Promise<T> {
  const { device } = options;
  if (device === 'cpu') return withThreads({ ...options, why: 'as asked' }, work);
  if (device !== 'auto') {
    const mode = device === 'gpu' ? 'hardware' : 'software';
    return withChrome({ ...options, mode, install: true, why: 'as asked' }, work);
  }
  const onCpu = (why: string) => withThreads({ ...options, why: `${why}; ${OTHERWISE}` }, work);
  if (!hasGpu()) return onCpu('there is no GPU here');
  if ((await installedBrowser(options.browser)) === undefined) return onCpu('there is no Chrome to use a GPU with');
  let begun = false;
  try {
    return await withChrome({ ...options, mode: 'hardware', install: false, why: OTHERWISE }, (host) => {
      begun = true;
      return work(host);
    });
  } catch (error) {
    if (begun || !(error instanceof CommandError) || error.exitCode !== exitCodes.environment) throw error;
    return onCpu(`Chrome has no GPU to offer (${error.message})`);
  }
}
