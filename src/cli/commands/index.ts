// All commands, in the order of `unweave --help`.

import { bench } from './bench';
import type { Command } from './command';
import { compare } from './compare';
import { completion } from './completion';
import { doctor } from './doctor';
import { encode } from './encode';
import { invariance } from './invariance';
import { list } from './list';
import { merge } from './merge';
import { metrics } from './metrics';
import { mi } from './mi';
import { report } from './report';
import { study } from './study';
import { submit } from './submit';
import { train } from './train';
import { tune } from './tune';

export const commands: readonly Command[] = [
  study,
  merge,
  report,
  submit,
  train,
  encode,
  metrics,
  compare,
  mi,
  invariance,
  bench,
  tune,
  doctor,
  list,
  completion(() => commands),
];

export const commandNamed = (name: string): Command | undefined => commands.find((each) => each.name === name);
