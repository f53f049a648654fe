import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { projectFolder, workFolder } from '../../stack/command-line/folders.ts';
import { run } from '../../stack/command-line/run.ts';
import { removeLocalStack } from '../../stack/deployment/local-stack.ts';
import { freeStackPort } from '../../stack/local-cloud/port.ts';
import { cliConfigVariables } from '../../stack/terraform/cli-config.ts';
import { packPackage } from '../package/pack-package.ts';
import { packRelease, previousRelease } from '../package/previous-release.ts';
import { outsideOfMake } from './test-stack.ts';

jest.setTimeout(10 * 60_000);

let folder: string;
let tarball: string;
/** Of somebody who has nothing but Node, Python and Terraform: no program of this repository is on the path. */
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'postern examples '));
  tarball = join(folder, (await packPackage(folder)).filename);
  const { PATH = '' } = process.env;
  const others = PATH.split(':').filter((entry) => !entry.startsWith(projectFolder));
  env = {
    ...outsideOfMake(),
    PATH: [dirname(process.execPath), ...others].join(':'),
    NO_COLOR: '1',
    // The emulator is installed once for all runs.
    XDG_CACHE_HOME: join(workFolder, 'examples'),
    npm_config_prefer_offline: 'true',
    LOCAL_PORT: String(await freeStackPort(16_566)),
    LOCAL_ACCOUNT_ID: '333333333333',
  };
});

afterAll(async () => {
  for (const project of deployed) await stop(project);
  rmSync(folder, { recursive: true, force: true });
});

/** The folders of projects with a local cloud, which has to end. */
const deployed = new Set<string>();

/** What a program wrote to stdout. Throws all that it wrote if it fails. */
const call = async (project: string, program: string, ...args: string[]): Promise<string> => {
  const { exitCode, stdout, stderr } = await run(program, args, {
    cwd: join(folder, project),
    env,
  });
  if (exitCode === 0) return stdout.trim();
  throw new Error(`${program} ${args.join(' ')} failed:\n${stdout}${stderr}`);
};
const postern = (project: string, ...args: string[]): Promise<string> =>
  call(project, 'npx', '--no-install', 'postern', ...args);

/** A copy of an example outside of this repository, with the package from a tarball. */
const install = async (
  name: string,
  from = { tarball, examples: join(projectFolder, 'examples') },
): Promise<void> => {
  const project = join(folder, name);
  cpSync(join(from.examples, name), project, { recursive: true });
  const file = join(project, 'package.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as {
    readonly devDependencies: Readonly<Record<string, string>>;
  };
  const devDependencies = { ...manifest.devDependencies, postern: `file:${from.tarball}` };
  writeFileSync(file, JSON.stringify({ ...manifest, devDependencies }));
  await call(name, 'npm', 'install', '--no-audit', '--no-fund');
};

const deploy = async (project: string): Promise<string> => {
  deployed.add(project);
  await postern(project, 'deploy', 'local');
  return postern(project, 'url', 'local');
};

const sessionOf = (project: string, roles: string): Promise<string> =>
  postern(project, 'session', 'create', 'local', '--user', 'alice', '--roles', roles);

const get = async (url: string, token?: string) => {
  const response = await fetch(url, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
};

/** Ends the local cloud of a project, with all that is in it. */
const stop = async (project: string): Promise<void> => {
  await removeLocalStack(join(folder, project, '.postern', `local-${env['LOCAL_PORT']}`));
  deployed.delete(project);
};

describe('an empty folder', () => {
  const name = 'my gateway';

  it('becomes a project whose gateway responds on this machine', async () => {
    mkdirSync(join(folder, name));
    const init = ['postern', 'init', '--yes'];
    await call(name, 'npx', '--yes', '--package', `file:${tarball}`, ...init);
    const url = await deploy(name);
    expect(await get(`${url}/products`)).toEqual({
      status: 200,
      body: [{ id: 'ulysses', name: 'Ulysses', price: 12.5 }],
    });
    expect(await get(`${url}/products/ulysses`)).toMatchObject({ status: 401 });
    expect(await get(`${url}/products/ulysses`, await sessionOf(name, 'editor'))).toMatchObject({
      status: 200,
    });
  });

  it('is not written to a second time', async () => {
    const init = ['--no-install', 'postern', 'init', '--yes'];
    const { exitCode, stderr } = await run('npx', init, { cwd: join(folder, name), env });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('is not empty: it has .github, .postern'),
    });
  });

  it('has nothing left to change after the first deploy, and can be removed', async () => {
    await postern(name, 'plan', 'local');
    expect(await postern(name, 'destroy', 'local')).toMatch(/resources of local were removed\.$/);
    deployed.delete(name);
  });
});

describe('examples/several-services', () => {
  const name = 'several-services';
  const previous = previousRelease();
  let url: string;
  let token: string;

  afterAll(() => stop(name));

  it(`serves the documents of three services under one address${previous ? `, by the package of ${previous.name}` : ''}`, async () => {
    await install(name, previous && (await packRelease(previous, join(folder, 'previous'))));
    url = await deploy(name);
    token = await sessionOf(name, 'user');
    await servesAll();
  });

  // A shallow clone has no earlier package: `git fetch --unshallow` gets it.
  (previous ? it : it.skip)(
    'is upgraded: what has data stays, sessions hold, and a second plan is empty',
    async () => {
      const upgraded = await postern(name, 'upgrade', 'local', '--to', `file:${tarball}`);
      expect(removedWithData(upgraded)).toEqual([]);
      expect(await deploy(name)).toBe(url);
      await servesAll();
      await postern(name, 'plan', 'local');
    },
  );

  const servesAll = async (): Promise<void> => {
    expect(await get(`${url}/products`)).toEqual({
      status: 200,
      body: [{ id: 'ulysses', name: 'Ulysses' }],
    });
    expect(await get(`${url}/users/me`, token)).toEqual({
      status: 200,
      body: { id: 'alice', name: 'Alice' },
    });
    expect(await get(`${url}/orders/1`, token)).toMatchObject({ status: 200, body: { id: 1 } });
    expect(await get(`${url}/orders/none`, token)).toMatchObject({ status: 400 });
  };
});

/** The addresses of what a plan removes or replaces, of the types whose loss users would notice. */
const removedWithData = (plan: string): readonly string[] =>
  [...plan.matchAll(/^ *# (\S+) (?:must be replaced|will be destroyed)/gm)]
    .map(([, address = '']) => address)
    .filter((address) => withData.test(address));

const withData =
  /\baws_(dynamodb_table|secretsmanager_secret\w*|kms_key|apigatewayv2_(api|stage|domain_name)|lambda_(function|alias)|cloudwatch_log_group)\./;

describe('examples/plugins', () => {
  const name = 'plugins';

  it('redacts a response, and selects its fields', async () => {
    await install(name);
    const url = await deploy(name);
    const [user, buyer] = [await sessionOf(name, 'user'), await sessionOf(name, 'buyer')];
    expect((await get(`${url}/products`)).body).toEqual([{ id: 'ulysses', name: 'Ulysses' }]);
    expect((await get(`${url}/products/ulysses`, user)).body).toEqual({
      id: 'ulysses',
      name: 'Ulysses',
    });
    expect((await get(`${url}/products/ulysses?fields=cost`, buyer)).body).toEqual({ cost: 7.5 });
    await stop(name);
  });
});

/** A real provider that reaches nothing: mock providers refuse modules with ephemeral resources. */
const planTest = `
provider "aws" {
  region                      = "eu-central-1"
  access_key                  = "none"
  secret_key                  = "none"
  skip_credentials_validation = true
  skip_metadata_api_check     = true
  skip_requesting_account_id  = true
}
override_module {
  target  = module.gateway.module.signing_key
  outputs = { secret_arn = "arn:aws:secretsmanager:eu-central-1:111111111111:secret:key" }
}
override_data {
  target = module.gateway.module.encryption.data.aws_caller_identity.this
  values = { account_id = "111111111111" }
}
override_data {
  target = module.gateway.module.observability.data.aws_caller_identity.this
  values = { account_id = "111111111111" }
}
run "plan" {
  command = plan
  variables {
    environment = "prod"
  }
  assert {
    condition     = module.gateway.base_url == "https://api.example.com"
    error_message = "the gateway has another address"
  }
}
`;

describe('examples/existing-vpc-and-domain', () => {
  const name = 'existing-vpc-and-domain';

  it('is planned with the ids of what is there', async () => {
    await install(name);
    await postern(name, 'build');
    mkdirSync(join(folder, name, 'tests'));
    writeFileSync(join(folder, name, 'tests', 'plan.tftest.hcl'), planTest);
    env = { ...env, ...cliConfigVariables() };
    await call(name, 'terraform', 'init', '-backend=false', '-input=false', '-no-color');
    expect(await call(name, 'terraform', 'test', '-no-color')).toContain('1 passed, 0 failed');
  });
});
