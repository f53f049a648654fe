import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { describeModule, moduleReader } from '../lab/architecture/describe-module.ts';
import { moduleFolders } from '../lab/checks/terraform-modules.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';

const generatedPart = /(?<=<!-- BEGIN_TF_DOCS -->\n).*(?=<!-- END_TF_DOCS -->)/s;

/** Writes the tables into the README of every Terraform module; with `--check`, fails if one differs. */
await command('terraform-docs', async () => {
  const read = await moduleReader();
  for (const folder of moduleFolders()) {
    const file = join(folder, 'README.md');
    const name = relative(projectFolder, file);
    const page = readFileSync(file, 'utf8');
    if (!generatedPart.test(page))
      throw new CommandError(`${name} has no <!-- BEGIN_TF_DOCS --> or no end.`);
    const tables = describeModule(await read(folder));
    const due = page.replace(generatedPart, () => `\n${tables}\n\n`);
    if (page === due) continue;
    if (process.argv.includes('--check'))
      throw new CommandError(`${name} differs from its module. Run: npm run terraform-docs`);
    writeFileSync(file, due);
    console.log(name);
  }
});
