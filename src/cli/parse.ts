// A command's arguments, read by its table. Whatever is wrong is said with what would be right.

import { parseArgs } from 'node:util';
import type { Command, Options, Values } from './commands/command';
import { nearest, usageError } from './errors';
import { devices } from './hosts';

const HELP = { help: { type: 'boolean', short: 'h', about: 'this text' } } as const;

export interface Parsed {
  readonly help: boolean;
  readonly values: Values<Options>;
  readonly positionals: readonly string[];
}

/** Throws a usage error, with the nearest option, for what the command does not take. */
export function parse({ name, options, takes }: Command, argv: readonly string[]): Parsed {
  const known = { ...options, ...HELP };
  for (const argument of argv) {
    if (argument === '--') break;
    const option = /^--([^=]+)/.exec(argument)?.[1];
    if (option === undefined || Object.hasOwn(known, option)) continue;
    if (option === 'gpu' && Object.hasOwn(options, 'device'))
      throw usageError('--gpu is now --device.', `It takes ${devices.join(', ')}.`);
    const suggestion = nearest(option, Object.keys(known));
    throw usageError(
      `Unknown option --${option}.`,
      suggestion === undefined ? seeHelp(name) : `Did you mean --${suggestion}?`,
    );
  }
  const { help, values, positionals } = parsed(name, argv, known);
  const most = takes?.most ?? 0;
  if (!help && positionals.length > most)
    throw usageError(
      takes === undefined
        ? `${name} takes no argument; got "${positionals[0]}".`
        : `${name} takes ${takes.what}; "${positionals[most]}" is too many.`,
      seeHelp(name),
    );
  return { help, values, positionals };
}

const seeHelp = (name: string): string => `See unweave ${name} --help.`;

function parsed(name: string, argv: readonly string[], known: Options): Parsed {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      options: Object.fromEntries(
        Object.entries(known).map(([option, { type, short, default: otherwise }]) => [
          option,
          {
            type,
            ...(short === undefined ? {} : { short }),
            ...(type === 'boolean' ? { default: false } : otherwise === undefined ? {} : { default: otherwise }),
          },
        ]),
      ),
      allowPositionals: true,
      strict: true,
    });
    const { help, ...rest } = values;
    return { help: help === true, values: rest as Values<Options>, positionals };
  } catch (cause) {
    throw usageError(cause instanceof Error ? cause.message : String(cause), seeHelp(name));
  }
}
