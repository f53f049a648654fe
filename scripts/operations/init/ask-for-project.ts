import { createInterface } from 'node:readline/promises';
import { CommandError } from '../../stack/command-line/command-error.ts';
import type { NewProject } from './init-project.ts';

interface Terminal {
  readonly isInteractive: boolean;
  /** What was typed, or nothing for the usual answer. */
  readonly ask: (question: string) => Promise<string>;
  readonly close: () => void;
}

/**
 * Asks for what was not given, three questions at most; Enter takes what is usual. Throws a `CommandError` without a
 * terminal.
 */
export const askForProject = async (
  usual: NewProject,
  given: Readonly<Partial<Record<'NAME' | 'REGION' | 'DOCUMENT', string | undefined>>>,
  terminal: Terminal = ownTerminal(),
): Promise<NewProject> => {
  if (!terminal.isInteractive)
    throw new CommandError(
      'There is no terminal to ask in. Take what is usual: npx postern init --yes',
    );
  const ask = async <Usual>(question: string, shown: string, value: Usual) =>
    (await terminal.ask(`${question} (${shown}): `)).trim() || value;
  try {
    const name = given.NAME ?? (await ask('Name of the gateway', usual.name, usual.name));
    const region = given.REGION ?? (await ask('AWS region', usual.region, usual.region));
    const question = 'An OpenAPI document to begin with';
    const document = given.DOCUMENT ?? (await ask(question, 'none: an example', undefined));
    return { name, region, document };
  } finally {
    terminal.close();
  }
};

const ownTerminal = (): Terminal => {
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  return {
    isInteractive: process.stdin.isTTY,
    ask: (question) => lines.question(question),
    close: () => lines.close(),
  };
};
