import { Argument, Command } from 'commander';

type Shell = 'bash' | 'zsh' | 'fish';

export function completionCommand(program: Command): Command {
  return new Command('completion')
    .description('Print the completion script of a shell.')
    .addArgument(new Argument('<shell>', 'the shell').choices(['bash', 'zsh', 'fish']))
    .addHelpText(
      'after',
      `
Examples:
  source <(hushgate completion bash)
  hushgate completion zsh > "\${fpath[1]}/_hushgate"
  hushgate completion fish > ~/.config/fish/completions/hushgate.fish`,
    )
    .action((shell: Shell) => {
      process.stdout.write(SCRIPTS[shell](paths(program)));
    });
}

/** A command by its words, with the words that may follow. */
interface CommandWords {
  readonly path: string;
  readonly words: readonly string[];
}

function paths(command: Command, path = ''): CommandWords[] {
  const words = [
    ...command.commands.map((child) => child.name()),
    ...command.registeredArguments.flatMap(({ argChoices }) => argChoices ?? []),
    ...command.options.flatMap(({ long }) => long ?? []),
    '--help',
  ];
  return [
    { path, words },
    ...command.commands.flatMap((child) => paths(child, `${path} ${child.name()}`.trim())),
  ];
}

const cases = (commands: readonly CommandWords[], line: (words: string) => string): string =>
  commands.map(({ path, words }) => `    "${path}") ${line(words.join(' '))} ;;`).join('\n');

// The words before the cursor that are no options name the command.
const SCRIPTS: Readonly<Record<Shell, (commands: readonly CommandWords[]) => string>> = {
  bash: (commands) => `_hushgate() {
  local path="" word words=""
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    [[ $word == -* ]] || path="\${path:+$path }$word"
  done
  case "$path" in
${cases(commands, (words) => `words="${words}"`)}
  esac
  COMPREPLY=($(compgen -W "$words" -- "\${COMP_WORDS[COMP_CWORD]}"))
}
complete -o default -F _hushgate hushgate
`,
  zsh: (commands) => `#compdef hushgate
_hushgate() {
  local -a found
  local name="" word
  for word in "\${(@)words[2,CURRENT-1]}"; do
    [[ $word == -* ]] || name="\${name:+$name }$word"
  done
  case "$name" in
${cases(commands, (words) => `found=(${words})`)}
  esac
  compadd -- $found || _files
}
if [[ $funcstack[1] == _hushgate ]]; then _hushgate "$@"; else compdef _hushgate hushgate; fi
`,
  fish: (commands) =>
    commands
      .map(({ path, words }) => {
        const condition =
          path === ''
            ? '__fish_use_subcommand'
            : path
                .split(' ')
                .map((word) => `__fish_seen_subcommand_from ${word}`)
                .join('; and ');
        return `complete -c hushgate -n "${condition}" -a "${words.join(' ')}"\n`;
      })
      .join(''),
};
