// Studies: what is compared with what, on which seeds, and how the answer is told.

import { decline } from './decline';
import type { Study } from './study';

export const studies: Readonly<Record<string, Study>> = { decline };
