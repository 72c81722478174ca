// The page in which all competitors run; src/cli/hosts/session.ts opens it, and main.ts calls these functions.

import * as jaxForWasm from 'jax-for-wasm';
import * as jaxForWebgpu from 'jax-for-webgpu';
import type { AdapterDescription } from '../../src/engine';
import { describeAdapter, openAdapter } from '../../src/engine/device/adapter';
import { glob } from '../statistics';
import { cases } from './cases';
import type { Competitor } from './competitors/competitor';
import { jax } from './competitors/jax';
import { ours } from './competitors/ours';
import { tfjs } from './competitors/tfjs';
import type { CaseResult } from './protocol';
import { measureCase, reasonOf } from './rounds';

async function adapter(): Promise<AdapterDescription | null> {
  return openAdapter().then(describeAdapter, () => null);
}

const all = (): Competitor[] => [
  ours('ours'),
  ours('ours-cpu'),
  tfjs('webgpu'),
  tfjs('wasm'),
  jax('webgpu', jaxForWebgpu),
  jax('wasm', jaxForWasm),
];

const caseNames = (): string[] => cases.map(({ name }) => name);

/** Measures the cases whose names match. */
async function compare(filter: string): Promise<CaseResult[]> {
  const wanted = cases.filter(({ name }) => glob(filter)(name));
  const competitors: Competitor[] = [];
  for (const each of all()) competitors.push(await opened(each));
  const results: CaseResult[] = [];
  for (const [i, each] of wanted.entries()) {
    const onStage = (stage: string) => void globalThis.reportProgress(stage, i / wanted.length);
    results.push(await measureCase(each, competitors, onStage));
  }
  return results;
}

/** The competitor, or one that fails every case with the reason why it did not open. */
async function opened(competitor: Competitor): Promise<Competitor> {
  try {
    await competitor.open();
    return competitor;
  } catch (error) {
    const failure = new Error(reasonOf(error));
    return { ...competitor, activate: () => Promise.reject(failure) };
  }
}

const functions = { adapter, caseNames, compare };

/** What the page's `globalThis` has. */
export interface ExposedPeers {
  readonly unweave: typeof functions;
}

declare global {
  var reportProgress: (stage: string, share: number) => Promise<void>;
}

Object.assign(globalThis, { unweave: functions });
