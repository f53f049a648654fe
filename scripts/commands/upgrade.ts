import { upgradeProject } from '../operations/upgrade/upgrade-project.ts';
import { command } from '../stack/command-line/command.ts';
import { CommandError } from '../stack/command-line/command-error.ts';
import { isRepository, projectFolder } from '../stack/command-line/folders.ts';
import { run } from '../stack/command-line/run.ts';
import { step } from '../stack/command-line/step.ts';

/** Installs another version of Postern in a project, and shows what it would change. */
await command('upgrade', async ({ ENV, TO = 'latest' }) => {
  if (isRepository)
    throw new CommandError('This is the repository of Postern itself: `git pull` upgrades it.');
  const { from, to, reports } = await upgradeProject({
    folder: projectFolder,
    to: TO,
    environment: ENV,
    run,
    step,
  });
  for (const { title, text } of reports) console.log(`${title}:\n${text}\n`);
  console.log(
    from === to
      ? `Postern ${from} is what this project has already.`
      : `Postern ${from} → ${to}. Deploy it: npx postern deploy ${ENV ?? 'dev'}`,
  );
});
