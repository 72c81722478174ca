// Builds the command line once for all tests that run it.

import { buildCommands } from '../../build.mjs';

export default buildCommands;
