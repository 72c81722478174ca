// Studies: what is compared with what, on which seeds, and how the answer is told.

import { decline, invariance } from './decline';
import { infogan } from './infogan';
import { linear } from './linear';
import { split } from './split';
import type { Study } from './study';
import { scoreStudy } from './tables/scores';
import type { TableStudy } from './tables/tableStudy';
import { theory } from './tables/theory';

export const studies: Readonly<Record<string, Study>> = { decline, infogan, split, invariance, linear };

/** Those that train nothing. */
export const tableStudies: Readonly<Record<string, TableStudy>> = { theory, scores: scoreStudy };
