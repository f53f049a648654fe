import { basename, extname } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { CommandError } from '../command-line/command-error.ts';
import { stopSpinner } from '../command-line/step.ts';
import type { Environment } from './environment.ts';

/** Environments whose changes need no confirmation. Irreversible changes need one outside of `local`. */
const unconfirmed = { change: ['local', 'dev'], destruction: ['local'] };

/**
 * Has the user type the environment's name, on a terminal or beforehand as `CONFIRM=<name>`; throws otherwise. `what`
 * completes "This will … <name>".
 */
export const confirm = async (
  { name, isConfirmed }: Pick<Environment, 'name' | 'isConfirmed'>,
  what: string,
  kind: keyof typeof unconfirmed = 'change',
  isTerminal = process.stdin.isTTY,
): Promise<void> => {
  if (unconfirmed[kind].includes(name) || isConfirmed) return;
  if (!isTerminal) {
    throw new CommandError(
      `This would ${what} ${name}. Nothing was changed. If you mean it, type:\n  ${commandLine(name)}`,
    );
  }
  stopSpinner();
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`This will ${what} ${name}. Type "${name}" to go on: `);
    if (typed.trim() !== name)
      throw new CommandError(`That was not "${name}": nothing was changed.`);
  } finally {
    terminal.close();
  }
};

/** What was typed, with the confirmation. */
const commandLine = (name: string): string => {
  const [, script = '', ...typed] = process.argv;
  const wanted = typed.filter((argument) => !argument.startsWith('CONFIRM='));
  return ['make', basename(script, extname(script)), ...wanted, `CONFIRM=${name}`].join(' ');
};
