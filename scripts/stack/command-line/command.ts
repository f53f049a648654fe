import { type Arguments, readArguments } from './arguments.ts';
import { asTyped } from './as-typed.ts';
import { CommandError } from './command-error.ts';
import { type ArgumentNames, argumentsOf, type CommandName } from './commands.ts';

/**
 * Runs a command with the arguments that were typed for it. A `CommandError` is shown as a sentence and ends it with
 * exit code 1; any other error is a bug and is shown with its stack.
 */
export const command = async <Name extends CommandName>(
  name: Name,
  main: (args: Arguments<ArgumentNames<Name>>) => Promise<number | void>,
): Promise<void> => {
  try {
    const args = readArguments(argumentsOf(name), process.argv.slice(2));
    process.exitCode = (await main(args)) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof CommandError ? `\nError: ${asTyped(error.message)}` : error);
  }
};
