import { basename } from 'node:path';
import { askForProject } from '../operations/init/ask-for-project.ts';
import { initProject, usableName } from '../operations/init/init-project.ts';
import { installDependencies } from '../operations/init/install-dependencies.ts';
import { flag } from '../stack/command-line/arguments.ts';
import { command } from '../stack/command-line/command.ts';

/** Writes a new project into the current folder, and installs what it needs. */
await command('init', async ({ NAME, REGION, DOCUMENT, YES }) => {
  const folder = process.cwd();
  const usual = {
    name: NAME ?? usableName(basename(folder)),
    region: REGION ?? process.env['AWS_REGION'] ?? 'us-east-1',
    document: DOCUMENT,
  };
  const project = flag(YES, 'YES') ? usual : await askForProject(usual, { NAME, REGION, DOCUMENT });
  const files = await initProject(folder, project);
  console.log(`Written:\n${files.map((file) => `  ${file}`).join('\n')}`);
  await installDependencies(folder);
  console.log(`
Next:
  npx postern deploy local    the gateway on this machine, with mocked upstreams
  npx postern dev             the same without Terraform, reloaded when the contract changes
  npx postern doctor dev      what this machine and the account lack for AWS`);
});
