import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { run } from '../stack/command-line/run.ts';

/** Reports known vulnerabilities in the locked packages. Fails from severity `high` on. */
await command('audit', async () => {
  const { exitCode } = await run('npm', ['audit', '--audit-level=high'], {
    cwd: projectFolder,
    output: 'to-stdout',
  });
  return exitCode;
});
