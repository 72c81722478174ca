// The functions the GPU tests call in the page.

import { describe } from './describe';
import { adamOnGpu, compileAll, elementary, failures, normals } from './engine';
import { runCases, runMeasureCases } from './ops';
import { explode, ledgers, trainBriefly } from './training';

const functions = {
  adamOnGpu,
  compileAll,
  describe,
  elementary,
  explode,
  failures,
  ledgers,
  normals,
  runCases,
  runMeasureCases,
  trainBriefly,
};

export type PageFunctions = typeof functions;

declare global {
  var unweave: PageFunctions;
}

globalThis.unweave = functions;
