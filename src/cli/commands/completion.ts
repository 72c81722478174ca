// `unweave completion SHELL`: a script that completes commands, options and the names they take, made from the table of commands.

import { usageError } from '../errors';
import { type Command, defineCommand, type Option } from './command';

const shells = ['bash', 'zsh', 'fish'] as const;

const optionsOf = ({ options }: Command): [string, Option][] => Object.entries(options);

/** What follows each option that takes one of some names: `command|--option` and the names. */
const valued = (commands: readonly Command[]): [key: string, names: readonly string[]][] =>
  commands.flatMap((command) =>
    optionsOf(command).flatMap(([name, { choices }]): [string, readonly string[]][] =>
      choices === undefined ? [] : [[`${command.name}|--${name}`, choices]],
    ),
  );

const flags = (command: Command): string => [...optionsOf(command).map(([name]) => `--${name}`), '--help'].join(' ');

function bash(commands: readonly Command[]): string {
  return `# unweave completion bash
_unweave() {
  local word="\${COMP_WORDS[COMP_CWORD]}" before="\${COMP_WORDS[COMP_CWORD-1]}" command="\${COMP_WORDS[1]}"
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W '${commands.map(({ name }) => name).join(' ')} --help --version' -- "$word"))
    return
  fi
  case "$command|$before" in
${valued(commands)
  .map(([key, names]) => `    '${key}') COMPREPLY=($(compgen -W '${names.join(' ')}' -- "$word")); return ;;`)
  .join('\n')}
  esac
  case "$command" in
${commands
  .map(
    (command) =>
      `    ${command.name}) if [[ "$word" == -* ]]; then COMPREPLY=($(compgen -W '${flags(command)}' -- "$word")); ` +
      `elif [ "$COMP_CWORD" -eq 2 ]; then COMPREPLY=($(compgen -W '${(command.takes?.names ?? []).join(' ')}' -- "$word")); fi ;;`,
  )
  .join('\n')}
  esac
}
complete -o default -F _unweave unweave
`;
}

const zsh = (commands: readonly Command[]): string => `#compdef unweave
# unweave completion zsh
(( $+functions[compdef] )) || { autoload -Uz compinit && compinit -i; }
autoload -U +X bashcompinit && bashcompinit
${bash(commands)}`;

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const fish = (commands: readonly Command[]): string =>
  [
    '# unweave completion fish',
    ...commands.flatMap((command) => [
      `complete -c unweave -n __fish_use_subcommand -a ${command.name} -d ${quoted(command.summary)}`,
      ...(command.takes?.names === undefined
        ? []
        : [
            `complete -c unweave -n '__fish_seen_subcommand_from ${command.name}' -a ${quoted(command.takes.names.join(' '))}`,
          ]),
      ...optionsOf(command).map(
        ([name, { type, about, choices }]) =>
          `complete -c unweave -n '__fish_seen_subcommand_from ${command.name}' -l ${name}${type === 'boolean' ? '' : ' -r'}` +
          `${choices === undefined ? '' : ` -a ${quoted(choices.join(' '))}`} -d ${quoted(about)}`,
      ),
    ]),
    '',
  ].join('\n');

/** `all` is asked when it runs: this command is one of them. */
export const completion = (all: () => readonly Command[]): Command =>
  defineCommand({
    name: 'completion',
    summary: 'a script that completes commands, options and names in a shell',
    usage: [...shells],
    takes: { most: 1, what: 'one shell', names: shells },
    options: {},
    examples: [
      ['source <(unweave completion bash)', 'in this shell; in ~/.bashrc for all'],
      ['unweave completion fish > ~/.config/fish/completions/unweave.fish', 'for fish, once'],
    ],
    run(_, [shell]) {
      const known = shells.find((each) => each === shell);
      if (known === undefined)
        throw usageError(
          shell === undefined ? 'completion needs a shell.' : `There is no completion for "${shell}".`,
          `It takes ${shells.join(', ')}.`,
        );
      process.stdout.write({ bash, zsh, fish }[known](all()));
      return Promise.resolve();
    },
  });
