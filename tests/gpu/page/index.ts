// The functions the GPU tests call in the page.

import { describe } from './describe';
import { runCases } from './ops';

const functions = { describe, runCases };

export type PageFunctions = typeof functions;

declare global {
  var unweave: PageFunctions;
}

globalThis.unweave = functions;
