import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeArchitecture } from '../lab/architecture/describe-architecture.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';

const generatedPart = /(?<=<!-- BEGIN_FOLDERS -->\n).*(?=<!-- END_FOLDERS -->)/s;

/** Writes the folders of architecture.json into docs/architecture.md; with `--check`, fails if they differ. */
await command('architecture-docs', async () => {
  const file = join(projectFolder, 'docs', 'architecture.md');
  const page = readFileSync(file, 'utf8');
  if (!generatedPart.test(page)) {
    throw new CommandError('docs/architecture.md has no <!-- BEGIN_FOLDERS --> or no end.');
  }
  const due = page.replace(generatedPart, () => `\n${describeArchitecture()}\n\n`);
  if (page === due) return;
  if (process.argv.includes('--check')) {
    throw new CommandError(
      'docs/architecture.md differs from architecture.json. Run: npm run architecture-docs',
    );
  }
  writeFileSync(file, due);
});
