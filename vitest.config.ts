// Three projects, the last alone, since a browser that computes takes all cores: `unit` and `rules` run in Node alone; `gpu`
// drives headless Chrome through its global setup.

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
          name: 'gpu',
          include: ['tests/gpu/**/*.test.ts'],
          globalSetup: ['tests/gpu/setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          fileParallelism: false,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
