import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { projectFolder, workFolder } from '../../scripts/stack/command-line/folders.ts';
import { venvPython } from '../../scripts/stack/local-cloud/python.ts';
import { call, deployment, environment, someone } from './stack.ts';

const run = promisify(execFile);
const folder = join(workFolder, 'examples');
const python = join(folder, 'venv', 'bin', 'python');

/** A code block of docs/sessions.md, by the name in its first line. */
const example = (name: string): string => {
  const page = readFileSync(join(projectFolder, 'docs', 'sessions.md'), 'utf8');
  const blocks = [...page.matchAll(/```\w+\n(.*?)```/gs)].map(([, code = '']) => code);
  const found = blocks.find((code) => code.split('\n')[0]?.endsWith(`example: ${name}`));
  if (found === undefined) throw new Error(`docs/sessions.md has no example ${name}`);
  return found;
};

/** Runs an example as a login service would, and returns its output. */
const printed = async (program: string, name: string, userId: string): Promise<string> => {
  const file = join(folder, name);
  writeFileSync(file, example(name));
  const { stdout } = await run(program, [file], {
    env: {
      ...environment.variables,
      AWS_REGION: deployment.region,
      AWS_DEFAULT_REGION: deployment.region,
      SESSION_TABLE: deployment.sessionTableName,
      SIGNING_SECRET_ARN: deployment.signingSecretArn,
      USER_ID: userId,
    },
  });
  return stdout.trim();
};

const opensTheGateway = async (token: string): Promise<void> => {
  expect(await call('GET', '/api/v1/users', { token })).toMatchObject({ status: 200 });
  expect(await call('GET', '/api/v1/admin/settings', { token })).toMatchObject({ status: 403 });
};

beforeAll(() => {
  mkdirSync(folder, { recursive: true });
});

describe('a session made as docs/sessions.md says', () => {
  it('in TypeScript opens the gateway', async () => {
    await opensTheGateway(await printed(process.execPath, 'create-session.ts', someone()));
  }, 30_000);

  it('in Python opens the gateway', async () => {
    const requirements = join(import.meta.dirname, 'examples', 'requirements.txt');
    await run(venvPython, ['-m', 'venv', join(folder, 'venv')]);
    await run(python, ['-m', 'pip', 'install', '-q', '--require-hashes', '-r', requirements]);
    await opensTheGateway(await printed(python, 'create_session.py', someone()));
  }, 180_000);
});
