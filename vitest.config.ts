// Six projects. `rules` and `unit` run in Node; `cli` runs the built command line as real processes, which compute on the CPU; `gpu`
// drives headless Chrome through its global setup, one file after another, since a browser that computes takes all cores; `web` visits the built pages as a person would, and `speed` times them when nothing else runs.

import { defineConfig } from 'vitest/config';
import { cpuKernelsForVite } from './cpu.mjs';
import { wgslForVite } from './wgsl.mjs';

const plugins = [wgslForVite, cpuKernelsForVite];

export default defineConfig({
  test: {
    maxWorkers: 2,
    projects: [
      { plugins, test: { name: 'rules', include: ['tests/rules/**/*.test.ts'] } },
      { plugins, test: { name: 'unit', include: ['tests/unit/**/*.test.ts'], testTimeout: 30_000 } },
      {
        plugins,
        test: {
          name: 'cli',
          include: ['tests/cli/**/*.test.ts'],
          globalSetup: ['tests/cli/setup.ts'],
          testTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        plugins,
        test: {
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          globalSetup: ['tests/gpu/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        plugins,
        test: {
          name: 'web',
          include: ['tests/web/**/*.test.ts'],
          exclude: ['tests/web/speed.test.ts'],
          globalSetup: ['tests/web/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
      {
        plugins,
        test: {
          name: 'speed',
          include: ['tests/web/speed.test.ts'],
          globalSetup: ['tests/web/setup.ts'],
          testTimeout: 120_000,
          sequence: { groupOrder: 4 },
        },
      },
    ],
  },
});
