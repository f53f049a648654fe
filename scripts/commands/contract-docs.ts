import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { contractReference } from '../../handler/compiler/contract-reference.ts';
import * as parts from '../../handler/compiler/parts.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';

/** Assembles docs/contract.md from the folders of the handler; with `--check`, fails if it differs. */
await command('contract-docs', async () => {
  const file = join(projectFolder, 'docs', 'contract.md');
  const due = contractReference(pageIn('handler/compiler'), parts, ({ folder }) =>
    pageIn(`handler/src/${folder}`),
  );
  if (existsSync(file) && readFileSync(file, 'utf8') === due) return;
  if (process.argv.includes('--check')) {
    throw new CommandError(
      'docs/contract.md differs from the folders of the handler. Run: npm run contract-docs',
    );
  }
  writeFileSync(file, due);
});

function pageIn(folder: string) {
  const file = join(projectFolder, folder, 'README.md');
  if (!existsSync(file)) throw new CommandError(`${folder}/README.md is missing.`);
  return { folder, text: readFileSync(file, 'utf8') };
}
