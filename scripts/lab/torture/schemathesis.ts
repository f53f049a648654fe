import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { installVenv } from '../../stack/local-cloud/python.ts';
import { failed, type Outcome } from '../checks/check.ts';
import { runCommand } from '../stack/run-command.ts';
import { withTestStack } from '../stack/test-stack.ts';
import type { TortureOptions } from './parts.ts';

const venv = join(workFolder, 'schemathesis-venv');
const requirementsFile = join(import.meta.dirname, 'schemathesis.txt');

/** For each operation and phase. */
const mostExamples = 100;

/**
 * Schemathesis, with all its checks, on a deployed stack: requests that fit `/openapi.json` and requests that do not. No
 * response may be one that the document does not declare.
 */
export const schemathesis = async ({ seed, scale }: TortureOptions): Promise<Outcome> => {
  await installVenv(venv, requirementsFile, 'schemathesis');
  return withTestStack(async (variables) => {
    await runCommand('deploy', [], variables);
    const printedBy = async (command: string, args: readonly string[] = []): Promise<string> =>
      (await runCommand(command, args, variables)).stdout.trim();
    const url = await printedBy('url');
    const token = await printedBy('session', ['USER=alice', 'ROLES=user,admin']);
    const examples = Math.max(10, Math.ceil(mostExamples * scale));
    return judge(url, token, ['--seed', String(seed), '--max-examples', String(examples)]);
  });
};

const judge = async (url: string, token: string, options: readonly string[]): Promise<Outcome> => {
  const folder = await mkdtemp(join(tmpdir(), 'schemathesis-'));
  try {
    const { exitCode, stdout, stderr } = await run(
      join(venv, 'bin', 'schemathesis'),
      [
        ...[
          'run',
          `${url}/openapi.json`,
          '--url',
          url,
          '--header',
          `Authorization: Bearer ${token}`,
        ],
        ...['--checks', 'all', '--continue-on-failure', '--no-color', ...options],
      ],
      { cwd: folder },
    );
    if (exitCode !== 0) return failed(`${stdout}${stderr}`.trim());
    const [, operations] = /^\s*Tested: (\d+)$/m.exec(stdout) ?? [];
    const [, cases] = /^\s*(\d+) generated/m.exec(stdout) ?? [];
    return {
      passed: Number(cases),
      failed: 0,
      detail: '',
      figures: { operations: Number(operations), cases: Number(cases) },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
};
