import { relative, resolve } from 'node:path';
import {
  describeAddresses,
  describeOmission,
  filesOf,
  importGateway,
} from '../operations/import/import-gateway.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';

/** Writes a first contract from what other gateways or services have. */
await command('import', async ({ FILE = '', OUT = 'gateway.yaml', OVERWRITE }) => {
  const out = resolve(projectFolder, OUT);
  const { omissions, urls } = await importGateway({
    files: filesOf(FILE),
    out,
    overwrites: flag(OVERWRITE, 'OVERWRITE'),
  });
  if (omissions.length > 0)
    console.log(`Not taken over:\n${omissions.map(describeOmission).join('\n')}\n`);
  console.log(`${describeAddresses(urls).join('\n')}\n`);
  console.log(relative(projectFolder, out));
});
