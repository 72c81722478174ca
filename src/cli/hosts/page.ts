// The page that headless Chrome opens: it does the work that Node names, on the WebGPU adapter that it has.

import { type AdapterDescription, AdapterError, Device } from '../../engine';
import { describeAdapter, openAdapter } from '../../engine/device/adapter';
import { type Channel, type InputOf, type OutputOf, type WorkName, works } from '../work';
import { fetchBytes, sendBytes } from './bytes';

/** The adapter, or null where there is none or none answers: see `openAdapter`. */
async function adapter(): Promise<AdapterDescription | null> {
  try {
    return describeAdapter(await openAdapter());
  } catch (error) {
    if (error instanceof AdapterError) return null;
    throw error;
  }
}

const channel: Channel = {
  progress: (stage, share) => void globalThis.reportProgress(stage, share),
  read: fetchBytes,
  write: sendBytes,
};

async function run<Name extends WorkName>(name: Name, input: InputOf<Name>): Promise<OutputOf<Name>> {
  const machine = { adapter: describeAdapter(await openAdapter()), open: (winners = {}) => Device.open({ winners }) };
  // Which work it is, and what that takes, is one choice: the table cannot say so to the compiler.
  const work = works[name] as (machine: unknown, input: unknown, channel: Channel) => Promise<OutputOf<Name>>;
  return work(machine, input, channel);
}

/** What the page's `globalThis` has, for what Node evaluates there. */
export interface Exposed {
  readonly unweave: { readonly adapter: typeof adapter; readonly run: typeof run };
}

declare global {
  var reportProgress: (stage: string, share: number) => Promise<void>;
}

Object.assign(globalThis, { unweave: { adapter, run } });
