// Where work runs: one face for headless Chrome and for the threads of this process. What computes (cli/work) is the same in all of
// them and knows none of them.

import type { AdapterDescription, ExecutorKind } from '../../engine';
import type { Channel, InputOf, OutputOf, WorkName } from '../work';

export const devices = ['auto', 'gpu', 'cpu', 'software'] as const;

/** `auto` is a GPU where there is one and a Chrome that can use it, else the CPU; `software` is WebGPU computed on the CPU. */
export type DeviceChoice = (typeof devices)[number];

export interface HostOptions {
  readonly device: DeviceChoice;
  /** Threads on the CPU; as many as there are cores by default. */
  readonly threads?: number;
  /** The path of a Chrome, for a GPU or `software`. */
  readonly browser?: string;
  /** The command that goes on with what was begun; undefined, or no function, where there is nothing. */
  readonly resume?: () => string | undefined;
}

/** Where something runs, as options that say so again. */
export const whereOptions = ({ device, threads, browser }: HostOptions): string[] => [
  ...(device === 'auto' ? [] : ['--device', device]),
  ...(threads === undefined ? [] : ['--threads', String(threads)]),
  ...(browser === undefined ? [] : ['--browser', browser]),
];

/** What an adapter is called in words and records. */
export const adapterName = ({ vendor, architecture, description }: AdapterDescription): string =>
  `${vendor} ${architecture} ${description}`.trim();

export interface Host {
  readonly kind: ExecutorKind;
  readonly adapter: AdapterDescription;
  /** Where it runs, and why there. */
  readonly says: string;
  /** What runs it, for the record. */
  readonly versions: Readonly<Record<string, string>>;
  /** How many pieces of work run at once; more than that wait for their turn. */
  readonly threads: number;
  /** Throws what the work throws; where its channel throws, that. */
  run<Name extends WorkName>(name: Name, input: InputOf<Name>, channel: Channel): Promise<OutputOf<Name>>;
}
