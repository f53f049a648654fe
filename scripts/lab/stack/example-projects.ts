import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { projectFolder, workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { removeLocalStack } from '../../stack/deployment/local-stack.ts';
import { freeStackPort } from '../../stack/local-cloud/port.ts';
import { packPackage } from '../package/pack-package.ts';
import { outsideOfMake } from './test-stack.ts';

/** Where the examples are projects of somebody who has nothing but Node, Python and Terraform, and the packed package. */
export interface ExampleProjects {
  /** Outside of this repository; each project is a folder in it. */
  readonly folder: string;
  readonly tarball: string;
  /** No program of this repository is on the path. */
  readonly env: NodeJS.ProcessEnv;
  /** What a program wrote to stdout, in a project's folder. Throws all that it wrote if it fails. */
  call(project: string, program: string, ...args: string[]): Promise<string>;
  postern(project: string, ...args: string[]): Promise<string>;
  /** Copies an example, with the package from a tarball. */
  install(
    name: string,
    from?: { readonly tarball: string; readonly examples: string },
  ): Promise<void>;
  /** Deploys a project to a local cloud of its own, and returns the URL of its gateway. */
  deploy(project: string): Promise<string>;
  /** The local cloud of a project. */
  cloudOf(project: string): ExampleCloud;
  /** Ends the local cloud of a project, if it has one, with all that is in it. */
  stop(project: string): Promise<void>;
  /** Ends all local clouds that run, and removes the folder. */
  end(): Promise<void>;
}

export interface ExampleCloud {
  readonly port: number;
  readonly accountId: string;
  /** Where the commands keep it. */
  readonly folder: string;
}

export const startExampleProjects = async (): Promise<ExampleProjects> => {
  const folder = mkdtempSync(join(tmpdir(), 'postern examples '));
  const tarball = join(folder, (await packPackage(folder)).filename);
  const { PATH = '' } = process.env;
  const others = PATH.split(':').filter((entry) => !entry.startsWith(projectFolder));
  const accountId = '333333333333';
  const env = {
    ...outsideOfMake(),
    PATH: [dirname(process.execPath), ...others].join(':'),
    NO_COLOR: '1',
    // The emulator is installed once for all runs.
    XDG_CACHE_HOME: join(workFolder, 'examples'),
    npm_config_prefer_offline: 'true',
    LOCAL_ACCOUNT_ID: accountId,
  };
  /** The ports of the projects with a local cloud, which has to end. */
  const ports = new Map<string, number>();

  const call: ExampleProjects['call'] = async (project, program, ...args) => {
    const port = ports.get(project);
    const { exitCode, stdout, stderr } = await run(program, args, {
      cwd: join(folder, project),
      env: { ...env, ...(port !== undefined && { LOCAL_PORT: String(port) }) },
    });
    if (exitCode === 0) return stdout.trim();
    throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
  };
  const postern: ExampleProjects['postern'] = (project, ...args) =>
    call(project, join(folder, project, 'node_modules/.bin/postern'), ...args);
  const cloudOf = (project: string): ExampleCloud => {
    const port = ports.get(project);
    if (port === undefined) throw new Error(`${project} is not deployed`);
    return { port, accountId, folder: join(folder, project, '.postern', `local-${port}`) };
  };
  const stop = async (project: string): Promise<void> => {
    if (!ports.has(project)) return;
    await removeLocalStack(cloudOf(project).folder);
    ports.delete(project);
  };

  return {
    folder,
    tarball,
    env,
    call,
    postern,
    install: async (name, from = { tarball, examples: join(projectFolder, 'examples') }) => {
      const project = join(folder, name);
      cpSync(join(from.examples, name), project, { recursive: true, filter: isSource });
      const file = join(project, 'package.json');
      const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
        readonly devDependencies: Readonly<Record<string, string>>;
      };
      const devDependencies = { ...manifest.devDependencies, postern: `file:${from.tarball}` };
      writeFileSync(file, JSON.stringify({ ...manifest, devDependencies }));
      await call(name, 'npm', 'install', '--no-audit', '--no-fund');
    },
    deploy: async (project) => {
      // Only now, since what is free may be taken by another program before it is needed.
      if (!ports.has(project)) ports.set(project, await freeStackPort(16_566));
      await postern(project, 'deploy', 'local');
      return postern(project, 'url', 'local');
    },
    cloudOf,
    stop,
    end: async () => {
      for (const project of ports.keys()) await stop(project);
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

/** Not what was made by trying an example in this repository. */
const isSource = (path: string): boolean =>
  !/\/(?:\.postern|node_modules|contract\.json)$/.test(path);
