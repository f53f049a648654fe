import { command } from '../stack/command-line/command.ts';
import { projectFolder } from '../stack/command-line/folders.ts';
import { run } from '../stack/command-line/run.ts';
import { findActionlint } from '../lab/workflows/find-actionlint.ts';

await command([], async () => {
  const { exitCode } = await run(await findActionlint(), ['-color'], {
    cwd: projectFolder,
    output: 'to-stdout',
  });
  console.log(exitCode === 0 ? 'The workflows are sound.' : 'The workflows have faults.');
  return exitCode;
});
