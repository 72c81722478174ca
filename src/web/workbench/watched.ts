// An executor that is watched: what it compiles is described, and every run is timed; on a GPU with clocks, by kernel.

import {
  Device,
  describe,
  type Executor,
  type GpuProgram,
  type Graph,
  type OpenOptions,
  openExecutor as open,
  type ProfileRow,
  type Program,
  profileTable,
} from '../../engine';

/** A program that ran, or was only made. */
export interface Ran {
  readonly description: string;
  runs: number;
  ms: number;
  profile: readonly ProfileRow[] | null;
}

export interface Watch {
  readonly prefer: OpenOptions['prefer'];
  readonly programs: Ran[];
  kind: string;
}

declare global {
  var unweaveWatch: Watch | undefined;
}

export async function openExecutor(options: OpenOptions = {}): Promise<Executor> {
  const watch = globalThis.unweaveWatch;
  const executor = await open({ prefer: watch?.prefer, ...options });
  if (watch !== undefined) observe(executor, watch);
  return executor;
}

function observe(executor: Executor, watch: Watch): void {
  watch.kind = executor.kind;
  const compile = executor.compile.bind(executor);
  executor.compile = async <Name extends string>(graph: Graph<Name>): Promise<Program<Name>> => {
    const program = await compile(graph);
    const ran: Ran = { description: describe(graph), runs: 0, ms: 0, profile: null };
    watch.programs.push(ran);
    const run = program.run.bind(program);
    program.run = async (steps = 1, rest = {}) => {
      const begun = performance.now();
      await run(steps, rest);
      ran.ms += performance.now() - begun;
      ran.runs += steps;
      if (ran.profile === null && executor instanceof Device && executor.gpu.features.has('timestamp-query'))
        ran.profile = profileTable(await (program as unknown as GpuProgram<string>).profile());
    };
    return program;
  };
}
