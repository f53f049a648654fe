import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { run } from '../stack/command-line/run.ts';

/** What the registry knows against the packages that are locked; from `high` on it is a failure. */
await command([], async () => {
  const { exitCode } = await run('npm', ['audit', '--audit-level=high'], {
    cwd: projectFolder,
    output: 'to-stdout',
  });
  return exitCode;
});
