import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { commandTable, makefileCommands } from '../lab/command-docs/describe-commands.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';

/** What is written between two lines of a file. */
const generatedParts = [
  {
    file: 'Makefile',
    part: /(?<=# BEGIN_COMMANDS\n).*(?=# END_COMMANDS)/s,
    text: `${makefileCommands()}\n`,
  },
  {
    file: 'docs/commands.md',
    part: /(?<=<!-- BEGIN_COMMANDS -->\n).*(?=<!-- END_COMMANDS -->)/s,
    text: `\n${commandTable()}\n\n`,
  },
];

/** Writes what is declared of the commands into the Makefile and docs/commands.md; with `--check`, fails if they differ. */
await command('command-docs', async () => {
  for (const { file, part, text } of generatedParts) {
    const path = join(projectFolder, file);
    const page = readFileSync(path, 'utf8');
    if (!part.test(page)) throw new CommandError(`${file} has no BEGIN_COMMANDS or no end.`);
    const due = page.replace(part, () => text);
    if (page === due) continue;
    if (process.argv.includes('--check'))
      throw new CommandError(
        `${file} differs from the declared commands. Run: npm run command-docs`,
      );
    writeFileSync(path, due);
  }
});
