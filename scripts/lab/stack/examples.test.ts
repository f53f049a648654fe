import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { run } from '../../stack/command-line/run.ts';
import { cliConfigVariables } from '../../stack/terraform/cli-config.ts';
import { packRelease, previousRelease } from '../package/previous-release.ts';
import { type ExampleProjects, startExampleProjects } from './example-projects.ts';

jest.setTimeout(10 * 60_000);

let projects: ExampleProjects;

beforeAll(async () => {
  projects = await startExampleProjects();
});

afterAll(() => projects.end());

const sessionOf = (project: string, roles: string): Promise<string> =>
  projects.postern(project, 'session', 'create', 'local', '--user', 'alice', '--roles', roles);

const get = async (url: string, token?: string) => {
  const response = await fetch(url, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  return { status: response.status, body: await response.json() };
};

describe('an empty folder', () => {
  const name = 'my gateway';

  it('becomes a project whose gateway responds on this machine', async () => {
    mkdirSync(join(projects.folder, name));
    const init = ['postern', 'init', '--yes'];
    await projects.call(name, 'npx', '--yes', '--package', `file:${projects.tarball}`, ...init);
    const url = await projects.deploy(name);
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
    const { exitCode, stderr } = await run('npx', init, {
      cwd: join(projects.folder, name),
      env: projects.env,
    });
    expect({ exitCode, stderr }).toEqual({
      exitCode: 1,
      stderr: expect.stringContaining('is not empty: it has .github, .postern'),
    });
  });

  it('has nothing left to change after the first deploy, and can be removed', async () => {
    await projects.postern(name, 'plan', 'local');
    expect(await projects.postern(name, 'destroy', 'local')).toMatch(
      /resources of local were removed\.$/,
    );
  });
});

describe('examples/several-services', () => {
  const name = 'several-services';
  const previous = previousRelease();
  let url: string;
  let token: string;

  afterAll(() => projects.stop(name));

  it(`serves the documents of three services under one address${previous ? `, by the package of ${previous.name}` : ''}`, async () => {
    await projects.install(
      name,
      previous && (await packRelease(previous, join(projects.folder, 'previous'))),
    );
    url = await projects.deploy(name);
    token = await sessionOf(name, 'user');
    await servesAll();
  });

  // A shallow clone has no earlier package: `git fetch --unshallow` gets it.
  (previous ? it : it.skip)(
    'is upgraded: what has data stays, sessions hold, and a second plan is empty',
    async () => {
      const upgraded = await projects.postern(
        name,
        'upgrade',
        'local',
        '--to',
        `file:${projects.tarball}`,
      );
      expect(removedWithData(upgraded)).toEqual([]);
      expect(await projects.deploy(name)).toBe(url);
      await servesAll();
      await projects.postern(name, 'plan', 'local');
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
    await projects.install(name);
    const url = await projects.deploy(name);
    const [user, buyer] = [await sessionOf(name, 'user'), await sessionOf(name, 'buyer')];
    expect((await get(`${url}/products`)).body).toEqual([{ id: 'ulysses', name: 'Ulysses' }]);
    expect((await get(`${url}/products/ulysses`, user)).body).toEqual({
      id: 'ulysses',
      name: 'Ulysses',
    });
    expect((await get(`${url}/products/ulysses?fields=cost`, buyer)).body).toEqual({ cost: 7.5 });
    await projects.stop(name);
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
    await projects.install(name);
    await projects.postern(name, 'build');
    mkdirSync(join(projects.folder, name, 'tests'));
    writeFileSync(join(projects.folder, name, 'tests', 'plan.tftest.hcl'), planTest);
    Object.assign(projects.env, cliConfigVariables());
    await projects.call(name, 'terraform', 'init', '-backend=false', '-input=false', '-no-color');
    expect(await projects.call(name, 'terraform', 'test', '-no-color')).toContain(
      '1 passed, 0 failed',
    );
  });
});
