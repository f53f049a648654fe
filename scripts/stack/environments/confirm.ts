import { createInterface } from 'node:readline/promises';
import { CommandError } from '../command-line/command-error.ts';
import type { Environment } from './environment.ts';

/** Environments that others do not rely on: no question is asked there. */
const freeToChange = ['local', 'dev'];

/** Has the user type the environment's name, on a terminal or beforehand as `CONFIRM=<name>`; anything else ends here. */
export const confirm = async ({ name }: Environment, what: string): Promise<void> => {
  if (freeToChange.includes(name) || process.env['CONFIRM'] === name) return;
  if (!process.stdin.isTTY) {
    throw new CommandError(`This would ${what} ${name}. If that is meant, add CONFIRM=${name}`);
  }
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await terminal.question(`This will ${what} ${name}. Type "${name}" to go on: `);
    if (answer.trim() !== name)
      throw new CommandError(`That was not "${name}": nothing was changed.`);
  } finally {
    terminal.close();
  }
};
