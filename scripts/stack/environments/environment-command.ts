import type { Arguments } from '../command-line/arguments.ts';
import { command } from '../command-line/command.ts';
import type { ArgumentNames, EnvironmentCommandName } from '../command-line/commands.ts';
import { type Environment, readEnvironment } from './environment.ts';

/** Runs a command that works on an environment, `ENV=…`, with the arguments that it has besides. */
export const environmentCommand = <Name extends EnvironmentCommandName>(
  name: Name,
  main: (environment: Environment, args: Arguments<ArgumentNames<Name>>) => Promise<number | void>,
): Promise<void> => command(name, (args) => main(readEnvironment(args), args));
