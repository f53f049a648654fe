import { cliArgumentsOf, type CommandName, commands, dashed, optionNamed } from './commands.ts';
import { isRepository } from './folders.ts';

/**
 * A message as its reader types the commands in it. Messages, those of the Terraform modules included, name commands and
 * arguments in make's form; in a project that has the package, `make deploy ENV=dev` is `npx postern deploy dev`, and
 * `TTL=8h` is `--ttl 8h`. The pages of the documentation are in the package there.
 */
export const asTyped = (text: string, isMake = isRepository): string =>
  isMake
    ? text
    : text
        .replaceAll(
          /(?<=^|[^\w-])make (?:-s )?([a-z]+(?:-[a-z]+)*)((?: [A-Z_]+=(?:'[^']*'|[^\s`),;]*[^\s`),;.])?)*)/gm,
          (typed, name: string, args: string) =>
            isCommand(name) ? cliForm(name, argumentsIn(args)) : typed,
        )
        .replaceAll(
          /(?<![\w-])([A-Z][A-Z_]*)(?:=([^\s`),;]*[^\s`),;.])?|(?= (?:is|or) ))/g,
          argument,
        )
        .replaceAll(/(?<![\w/.-])docs\/[a-z0-9-]+\.md/g, 'node_modules/postern/$&');

const isCommand = (name: string): name is CommandName => name in commands;

const argumentsIn = (text: string): ReadonlyArray<readonly [string, string]> =>
  [...text.matchAll(/ ([A-Z_]+)=('[^']*'|\S*)/g)].map(([, name = '', value = '']) => [name, value]);

/** `npx postern session create dev --user alice`. Settings of the shell stay in front. */
const cliForm = (name: CommandName, args: ReadonlyArray<readonly [string, string]>): string => {
  const { settings, words } = cliArgumentsOf(name, args);
  return [...settings, 'npx', 'postern', ...words].join(' ');
};

/** `OLDER_THAN=1s` alone, or a sentence about `TTL`. */
const argument = (typed: string, name: string, value: string | undefined): string => {
  if (name === 'CONFIRM') return `--yes ${value ?? '<env>'}`;
  const option = optionNamed(name);
  if (option === undefined) return typed;
  const long = `--${option.isOn ? 'no-' : ''}${dashed(name)}`;
  return option.example === undefined || value === undefined ? long : `${long} ${value}`;
};
