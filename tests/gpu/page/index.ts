// The functions the GPU tests call in the page.

import { describe } from './describe';
import { abort, constantsGo, exhaust, failures, inWorker, profiled, severalDevices, sumOfOnes } from './device';
import { adamOnGpu, compileAll, elementary, normals } from './engine';
import { estimates, permutations } from './estimates';
import { answers, packedParts, propagated, trainedBiases } from './handles';
import {
  abortBetweenSteps,
  disposeWhileRunning,
  longProfile,
  meetingRuns,
  outOfMemory,
  pageErrors,
  realExhaustion,
  refusedCommands,
} from './locality';
import { checkRule, runMeasureCases } from './ops';
import { printed } from './printed';
import { memoryOf, trainOnce } from './runs';
import { smokeTwice } from './smoke';
import { ledgers, loseGpu } from './training';

const functions = {
  abortBetweenSteps,
  disposeWhileRunning,
  longProfile,
  meetingRuns,
  outOfMemory,
  pageErrors,
  realExhaustion,
  refusedCommands,
  answers,
  packedParts,
  propagated,
  trainedBiases,
  abort,
  constantsGo,
  exhaust,
  inWorker,
  loseGpu,
  memoryOf,
  printed,
  profiled,
  severalDevices,
  smokeTwice,
  sumOfOnes,
  adamOnGpu,
  compileAll,
  describe,
  estimates,
  permutations,
  elementary,
  failures,
  ledgers,
  normals,
  checkRule,
  runMeasureCases,
  trainOnce,
};

export type PageFunctions = typeof functions;

declare global {
  /** What the GPU refused and nobody caught: `inPage` looks. */
  var uncaptured: string[];
  var unweave: PageFunctions;
}

globalThis.uncaptured = [];
if (globalThis.GPUAdapter !== undefined) {
  const requestDevice = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function (descriptor) {
    const device = await requestDevice.call(this, descriptor);
    device.addEventListener('uncapturederror', ({ error }) => globalThis.uncaptured.push(error.message));
    return device;
  };
}
globalThis.unweave = functions;
