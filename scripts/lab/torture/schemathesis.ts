import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readYaml } from '../../../handler/compiler/source/yaml-source.ts';
import { examplePlaces } from '../../stack/build/build-places.ts';
import { projectFolder, workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { installVenv } from '../../stack/local-cloud/python.ts';
import { failed, joined, type Outcome } from '../checks/check.ts';
import { runCommand } from '../stack/run-command.ts';
import { withTestStack } from '../stack/test-stack.ts';
import type { TortureOptions } from './parts.ts';

const venv = join(workFolder, 'schemathesis-venv');
const requirementsFile = join(import.meta.dirname, 'schemathesis.txt');

/** For each operation and phase. */
const mostExamples = 100;

/**
 * Schemathesis, with all its checks: requests that fit `/openapi.json` and requests that do not. No response may be one
 * that the document does not declare. On the development server, whose responses come from the document and whose limits
 * are out of reach, and on a deployed stack.
 */
export const schemathesis = async ({ seed, scale }: TortureOptions): Promise<Outcome> => {
  await installVenv(venv, requirementsFile, 'schemathesis');
  const examples = Math.max(10, Math.ceil(mostExamples * scale));
  const options = ['--seed', String(seed), '--max-examples', String(examples)];
  const onDevServer = await withDevServer(({ url, token }) => judge(url, token, options));
  const onStack = await withTestStack(async (variables) => {
    await runCommand('deploy', [], variables);
    const printedBy = async (command: string, args: readonly string[] = []): Promise<string> =>
      (await runCommand(command, args, variables)).stdout.trim();
    const url = await printedBy('url');
    const token = await printedBy('session', ['USER=alice', 'ROLES=user,admin']);
    return judge(url, token, options);
  });
  return joined([named('dev server', onDevServer), named('stack', onStack)]);
};

const named = (where: string, { figures = {}, ...outcome }: Outcome): Outcome => ({
  ...outcome,
  figures: Object.fromEntries(
    Object.entries(figures).map(([name, figure]) => [`${name}, ${where}`, figure]),
  ),
});

interface Served {
  readonly url: string;
  /** Of a session with every role. */
  readonly token: string;
}

/** `make dev` with the example, while `use` runs. */
const withDevServer = async <Result>(use: (served: Served) => Promise<Result>): Promise<Result> => {
  const folder = await mkdtemp(join(tmpdir(), 'schemathesis-dev-'));
  const contractFile = join(folder, 'gateway.json');
  await writeFile(contractFile, await withoutLimits());
  const args = ['scripts/commands/dev.ts', 'PORT=0', `CONTRACT=${contractFile}`];
  const child = spawn(process.execPath, [...process.execArgv, ...args], { cwd: projectFolder });
  try {
    return await use(await readStart(child));
  } finally {
    child.kill('SIGKILL');
    await rm(folder, { recursive: true });
  }
};

/** The example contract. A request that is refused by a limit would say nothing about the others. */
const withoutLimits = async (): Promise<string> => {
  const text = await readFile(examplePlaces.contractFile, 'utf8');
  const value = readYaml(text, 'gateway.yaml').value as {
    readonly 'x-postern': { readonly rateLimits: Readonly<Record<string, object>> };
  };
  const rateLimits = Object.fromEntries(
    Object.entries(value['x-postern'].rateLimits).map(([name, rule]) => [
      name,
      { ...rule, limit: 1_000_000, burst: 1_000_000 },
    ]),
  );
  const postern = { ...value['x-postern'], rateLimits, failureLimit: false };
  return JSON.stringify({ ...value, 'x-postern': postern });
};

const startWithinMs = 60_000;

const readStart = async (child: ChildProcessWithoutNullStreams): Promise<Served> => {
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const deadlineMs = Date.now() + startWithinMs;
  while (Date.now() < deadlineMs && child.exitCode === null) {
    const [, url] = /^(http:\S+) serves /m.exec(output) ?? [];
    const [, token] = /Bearer ([\w.-]+)/.exec(output) ?? [];
    if (url !== undefined && token !== undefined) return { url, token };
    await sleep(50);
  }
  throw new Error(`The development server did not start:\n${output}`);
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
