import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { command } from '../stack/command-line/command.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { projectFolder, terraformFolder } from '../stack/command-line/folders.ts';
import { describeModule } from '../lab/terraform-docs/describe-module.ts';
import { withGeneratedPart } from '../lab/terraform-docs/generated-part.ts';
import { readModule } from '../lab/terraform-docs/read-module.ts';

/** Writes the tables in every Terraform README; with `--check` only says which are behind. */
await command([], async () => {
  const behind = moduleFolders()
    .map((folder) => ({ file: join(folder, 'README.md'), folder }))
    .map(({ file, folder }) => ({ file, ...compare(file, folder) }))
    .filter(({ now, due }) => now !== due);
  const names = behind.map(({ file }) => relative(projectFolder, file)).join(', ');
  if (process.argv.includes('--check')) {
    if (names === '') return;
    throw new CommandError(`Behind their module: ${names}. Run: npm run terraform-docs`);
  }
  for (const { file, due } of behind) writeFileSync(file, due);
  console.log(names === '' ? 'Nothing to write.' : `Written: ${names}`);
});

function compare(file: string, folder: string): { now: string; due: string } {
  if (!existsSync(file)) throw new CommandError(`${relative(projectFolder, file)} is missing.`);
  const now = readFileSync(file, 'utf8');
  const name = relative(projectFolder, file);
  return { now, due: withGeneratedPart(name, now, describeModule(readModule(folder))) };
}

function moduleFolders(): string[] {
  const modules = join(terraformFolder, 'modules');
  return [
    terraformFolder,
    join(terraformFolder, 'bootstrap'),
    ...readdirSync(modules).map((name) => join(modules, name)),
  ];
}
