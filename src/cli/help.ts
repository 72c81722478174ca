// What `unweave --help` and `unweave COMMAND --help` print, and docs/cli.md says: the table of commands in words.

import type { Command, Option } from './commands/command';

const WIDTH = 100;

/** Words in lines of at most `width`, every line but the first behind `indent`. */
function wrapped(text: string, width: number, indent: string): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines[lines.length - 1];
    if (last !== undefined && last.length + word.length < width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join(`\n${indent}`);
}

/** Names before, meanings beside them. */
function columns(rows: readonly (readonly [string, string])[]): string {
  const widest = Math.min(26, Math.max(...rows.map(([name]) => name.length)));
  return rows
    .map(([name, about]) => {
      const indent = ' '.repeat(widest + 4);
      const text = wrapped(about, WIDTH - widest - 4, indent);
      return name.length > widest ? `  ${name}\n${indent}${text}` : `  ${name.padEnd(widest)}  ${text}`;
    })
    .join('\n');
}

const flagOf = (name: string, { short, value }: Option): string =>
  `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` ${value}`}`;

const choicesOf = ({ choices, many }: Option): string =>
  choices === undefined ? '' : `: ${choices.join(', ')}${many ? '; several with commas between' : ''}`;

const aboutOf = (option: Option): string =>
  `${option.about}${choicesOf(option)}${option.default === undefined ? '' : ` (default ${option.default})`}`;

const USUAL = 'COMMAND --help says everything about one.';

const EXIT_CODES =
  'Exit codes: 0 ok, 1 the run failed, 2 wrong usage, 3 what was asked for is not here, 130 Ctrl-C, 143 terminated.';

/** `unweave --help`: one line a command. */
export const overview = (commands: readonly Command[]): string =>
  [
    'unweave: does a representation carry its information factor by factor?',
    '',
    'Usage: unweave COMMAND [options]',
    '',
    columns(commands.map(({ name, summary }) => [name, summary])),
    '',
    `unweave ${USUAL} unweave --version prints the version.`,
    EXIT_CODES,
    '',
  ].join('\n');

/** `unweave COMMAND --help`. */
export function helpOf({ name, summary, usage, options, prints, examples }: Command): string {
  const rows = Object.entries(options).map(([option, each]): [string, string] => [flagOf(option, each), aboutOf(each)]);
  return [
    `unweave ${name}: ${summary}`,
    '',
    'Usage:',
    ...usage.map((line) => `  unweave ${name} ${line}`.trimEnd()),
    '',
    'Options:',
    columns([...rows, ['-h, --help', 'this text']]),
    ...(prints === undefined ? [] : ['', 'Prints:', columns(Object.entries(prints))]),
    '',
    'Examples:',
    ...examples.flatMap(([command, does]) => [`  ${command}`, `      ${wrapped(does, WIDTH - 6, ' '.repeat(6))}`]),
    '',
    EXIT_CODES,
    '',
  ].join('\n');
}

const item = (what: string, is: string): string => `- \`${what}\`: ${is}`;

/** All commands as Markdown: the part of docs/cli.md that is made. */
export const markdownOf = (commands: readonly Command[]): string =>
  commands
    .map(({ name, summary, usage, options, prints, examples }) =>
      [
        `### unweave ${name}`,
        '',
        `${summary}.`,
        '',
        '```sh',
        ...usage.map((line) => `unweave ${name} ${line}`.trimEnd()),
        '```',
        ...part(
          'Options',
          Object.entries(options).map(([option, each]) => item(flagOf(option, each), aboutOf(each))),
        ),
        ...part(
          'Prints',
          Object.entries(prints ?? {}).map(([what, is]) => item(what, is)),
        ),
        ...part(
          'Examples',
          examples.map(([command, does]) => item(command, does)),
        ),
      ].join('\n'),
    )
    .join('\n\n');

const part = (title: string, lines: readonly string[]): string[] =>
  lines.length === 0 ? [] : ['', `${title}:`, '', ...lines];
