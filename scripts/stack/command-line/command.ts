import { CommandError } from './command-error.ts';

/** Runs a command to its exit code. A fault is told in words; anything else is a bug and shows its stack. */
export const command = async (main: () => Promise<number | void>): Promise<void> => {
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.exitCode = 1;
    console.error(error instanceof CommandError ? `\nError: ${error.message}` : error);
  }
};
