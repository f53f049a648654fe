import { copyFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Candidate } from '../candidates.ts';
import { benchFolder, workFolder } from '../folders.ts';
import { installOnce, runTool } from './install-once.ts';

/** FastAPI and Mangum with their dependencies; the zip is the one for Lambda. */
export const preparePythonPeer = async (): Promise<Candidate> => {
  const source = join(benchFolder, 'peers/fastapi');
  const folder = join(workFolder, 'peers/fastapi');
  const requirements = join(source, 'requirements.txt');
  const packages = join(folder, 'package');
  const zip = join(folder, 'package.zip');
  const python = join(folder, 'venv/bin/python');
  await installOnce(folder, [requirements], async () => {
    await runTool('python3', ['-m', 'venv', 'venv'], folder);
    const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-deps'];
    await runTool(python, [...pip, '-r', requirements, '-t', packages], folder);
    await runTool(python, ['-m', 'zipfile', '-c', zip, `${packages}/`], folder);
  });
  copyFileSync(join(source, 'handler.py'), join(packages, 'handler.py'));
  return {
    name: 'fastapi',
    title: 'FastAPI + Mangum',
    kind: 'python peer',
    command: [python, join(benchFolder, 'runner/python_runtime.py'), packages],
    zipBytes: statSync(zip).size,
  };
};
