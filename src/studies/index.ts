// Studies: what is compared with what, on which seeds, and how the answer is told.

import { decline, invariance } from './decline';
import { infogan } from './infogan';
import { split } from './split';
import type { Study } from './study';

export const studies: Readonly<Record<string, Study>> = { decline, infogan, split, invariance };
