import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { run } from '../stack/command-line/run.ts';
import { findGoProgram } from '../stack/command-line/find-go-program.ts';

const version = 'v1.7.12';

const findActionlint = (): Promise<string> =>
  findGoProgram({
    name: 'actionlint',
    module: 'github.com/rhysd/actionlint/cmd/actionlint',
    version,
    versionArgument: '-version',
    howToGet: `Put actionlint ${version} on the PATH, or install Go.`,
  });

await command('lint-workflows', async () => {
  const { exitCode } = await run(await findActionlint(), ['-color'], {
    cwd: projectFolder,
    output: 'to-stdout',
  });
  console.log(exitCode === 0 ? 'The workflows have no problems.' : 'The workflows have problems.');
  return exitCode;
});
