import type { Arguments } from '../command-line/arguments.ts';
import { command } from '../command-line/command.ts';
import { type Environment, environmentArguments, readEnvironment } from './environment.ts';

/** Runs a command that works on an environment, `ENV=…`, with the arguments that it has besides. */
export const environmentCommand = <Name extends string>(
  names: readonly Name[],
  main: (environment: Environment, args: Arguments<Name>) => Promise<number | void>,
): Promise<void> =>
  command([...environmentArguments, ...names], (args) => main(readEnvironment(args), args));
