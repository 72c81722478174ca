// The `unweave` command: reads its arguments, runs one command, and ends with an exit code that means something.

import { InputError } from '../engine';
import { commandNamed, commands } from './commands';
import { CommandError, exitCodes, nearest, usageError } from './errors';
import { helpOf, overview } from './help';
import { watchSignals } from './interruption';
import { parse } from './parse';
import { packageVersion } from './versions';

const print = (text: string): void => void process.stdout.write(text);

/** Throws what the command throws, and a usage error, with the nearest name, where there is none of that name. */
async function run(name: string, argv: readonly string[]): Promise<void> {
  const command = commandNamed(name);
  if (command === undefined) {
    const suggestion = nearest(
      name,
      commands.map((each) => each.name),
    );
    throw usageError(
      `There is no command "${name}".`,
      suggestion === undefined ? 'See unweave --help.' : `Did you mean "${suggestion}"?`,
    );
  }
  const { help, values, positionals } = parse(command, argv);
  if (help) print(helpOf(command));
  else await command.run(values, positionals);
}

async function main([name, ...rest]: readonly string[]): Promise<number> {
  try {
    if (name === undefined || name === '--help' || name === '-h') print(overview(commands));
    else if (name === '--version') print(`${packageVersion()}\n`);
    else if (name === 'help' && rest.length === 0) print(overview(commands));
    else if (name === 'help') await run(rest[0], ['--help']);
    else await run(name, rest);
    return exitCodes.ok;
  } catch (error) {
    const known = error instanceof CommandError;
    if (error instanceof InputError) {
      process.stderr.write(`unweave: ${error.message}\n`);
      return exitCodes.usage;
    }
    const message = error instanceof Error ? error.message : String(error);
    process.stderr.write(`\nunweave: ${message}\n`);
    if (known && error.hint !== undefined) process.stderr.write(`  --> ${error.hint}\n`);
    return known ? error.exitCode : exitCodes.failed;
  }
}

// A reader that stops early (such as `head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) =>
  process.exit(error.code === 'EPIPE' ? exitCodes.ok : exitCodes.failed),
);
// A terminal that is gone takes no more words.
process.stderr.on('error', () => undefined);
watchSignals();
process.exitCode = await main(process.argv.slice(2));
