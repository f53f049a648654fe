import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Browser, chromium, type Page } from 'playwright-core';
import sharp, { type Sharp } from 'sharp';
import { findChromium, show } from '../../../handler/test/chromium.ts';
import { casesOf, report, seedOf } from '../../../handler/testing/effort.ts';
import { seededRandom } from '../../../handler/testing/random.ts';
import { run } from '../../stack/command-line/run.ts';
import { freeStackPort } from '../../stack/local-cloud/port.ts';
import { cliConfigVariables } from '../../stack/terraform/cli-config.ts';
import { packRelease, previousRelease } from '../package/previous-release.ts';
import { type ExampleProjects, startExampleProjects } from './example-projects.ts';
import { injectFaults } from './orders/inject-faults.ts';
import { lostOrders, wrongEffects } from './orders/judge-orders.ts';
import { type OrdersSystem, ordersSystem, until } from './orders/orders-system.ts';
import {
  getOrder,
  placeOrders,
  planOrder,
  planOrders,
  postOrder,
  type Shop,
} from './orders/place-orders.ts';

jest.setTimeout(casesOf(10, 180) * 60_000);

let projects: ExampleProjects;

beforeAll(async () => {
  projects = await startExampleProjects();
});

afterAll(() => projects?.end());

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

  afterAll(() => projects?.stop(name));

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

describe('examples/orders', () => {
  const name = 'orders';
  const partners = ['acme', 'globex'];
  const count = casesOf(60, 10_000);
  const seed = seedOf(Date.now() % 2 ** 31);
  const random = seededRandom(seed);
  let shop: Shop;
  let system: OrdersSystem;

  beforeAll(async () => {
    await projects.install(name);
    await projects.call(name, 'npm', 'run', 'build');
    const url = await projects.deploy(name);
    const keys: Record<string, string> = {};
    for (const partner of partners) {
      const options = ['--consumer', partner, '--scopes', 'orders:read,orders:write'];
      keys[partner] = await projects.postern(name, 'apikey', 'create', 'local', ...options);
    }
    shop = { url, keys };
    system = ordersSystem(projects.cloudOf(name));
    // It fails five times while the other tests run.
    await system.send('orders-local', 'not an order');
  });

  afterAll(() => projects?.stop(name));

  /** A loaded machine may take a while for an order whose functions crash. */
  const placing = () => ({ random, statusOf: system.statusOf, patienceMs: 5 * 60_000 });

  it('shows an order to the partner that placed it, and to no other', async () => {
    const order = planOrder('sound', 'acme', random);
    await placeOrders(shop, [order], { clients: 1, ...placing() });
    expect(await getOrder(shop, order)).toMatchObject({ status: 200, body: order.expected });
    expect(await getOrder(shop, { ...order, partner: 'globex' })).toMatchObject({ status: 404 });
  });

  it(`loses none of ${count} orders and processes none twice, while the queue fails and functions crash (seed ${seed})`, async () => {
    const [before, startedAt] = [await system.orders(), new Date()];
    const stuck = planOrder('stuck', 'acme', random);
    expect(await postOrder(shop, stuck)).toMatchObject({ status: 202 });
    // Few enough that no message fails five times.
    const crashShare = count < 1_000 ? 0.03 : 0.005;
    const crashLog = join(projects.folder, 'crashes');
    const queue = await injectFaults(system, {
      random,
      crashLog,
      crashShare,
    });
    const orders = planOrders(count, partners, random);
    const clients = count < 1_000 ? 10 : 20;
    const { responses, repeated } = await placeOrders(shop, orders, { clients, ...placing() });
    await until(
      async () => (await system.messages('orders-local')) === 0,
      'no orders in the queue',
    );
    await until(
      async () => !(await system.executions()).includes('RUNNING'),
      'no workflow is running',
    );
    queue.close();

    const all = [...before, ...orders, stuck].length;
    const stored = await system.orders();
    expect(lostOrders([...orders, stuck], stored)).toEqual([]);
    const final = stored.filter(({ status }) => status !== 'PLACED');
    expect(wrongEffects(final, await system.effects())).toEqual([]);
    expect(stored).toHaveLength(all);
    expect((await system.executions()).toSorted()).toEqual([
      'FAILED',
      ...Array<string>(all - 1).fill('SUCCEEDED'),
    ]);
    expect(await system.messages('orders-local-notifications')).toBe(all - 1);
    expect(await system.messages('orders-local-dead-letters')).toBe(1);
    // Of the days on which it ran: one, or two.
    const reports = [startedAt, new Date()].map(nextDay);
    const lines = await Promise.all([...new Set(reports)].map((day) => system.report(day)));
    expect(lines.flatMap(([, ...ofOrders]) => ofOrders)).toHaveLength(all);

    const crashes = readFileSync(crashLog, 'utf8').trim().split('\n').length;
    const faults = Object.values(queue.injected).reduce((sum, each) => sum + each, 0);
    expect(Math.min(crashes, faults)).toBeGreaterThan(0);
    const { 202: accepted = 0, ...others } = responses;
    const failures = Object.values(others).reduce((sum, each) => sum + each, 0);
    report(count, { orders: all, accepted, failures, repeated, faults, crashes });
  });
});

/** Midnight after a time, at which the report of its day is due. */
const nextDay = (time: Date): string =>
  `${new Date(time.getTime() + 86_400_000).toISOString().slice(0, 10)}T01:00:00Z`;

/** A real provider that reaches nothing: mock providers refuse modules with ephemeral resources. */
const planTest = (address: string, askingForAccount: readonly string[] = []): string => `
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
${['module.gateway.module.encryption.', 'module.gateway.module.observability.', ...askingForAccount]
  .map(
    (module) => `override_data {
  target = ${module}data.aws_caller_identity.this
  values = { account_id = "111111111111" }
}`,
  )
  .join('\n')}
run "plan" {
  command = plan
  variables {
    environment = "prod"
  }
  assert {
    condition     = module.gateway.base_url == "${address}"
    error_message = "the gateway has another address"
  }
}
`;

/** Plans what is deployed to AWS, without an account. */
const planProd = async (name: string, test: string): Promise<void> => {
  mkdirSync(join(projects.folder, name, 'tests'));
  writeFileSync(join(projects.folder, name, 'tests', 'plan.tftest.hcl'), test);
  Object.assign(projects.env, cliConfigVariables());
  await projects.call(name, 'terraform', 'init', '-backend=false', '-input=false', '-no-color');
  expect(await projects.call(name, 'terraform', 'test', '-no-color')).toContain(
    '1 passed, 0 failed',
  );
};

describe('examples/existing-vpc-and-domain', () => {
  const name = 'existing-vpc-and-domain';

  it('is planned with the ids of what is there', async () => {
    await projects.install(name);
    await projects.postern(name, 'build');
    await planProd(name, planTest('https://api.example.com'));
  });
});

describe('examples/media', () => {
  const name = 'media';
  let url: string;
  let token: string;

  beforeAll(async () => {
    await projects.install(name);
    await projects.call(name, 'npm', 'run', 'build');
    url = await projects.deploy(name);
    token = await sessionOf(name, 'user');
  });

  afterAll(() => projects?.stop(name));

  const newUpload = async (type: string, size: number) => {
    const response = await fetch(`${url}/uploads`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type, size }),
    });
    const id = response.headers.get('x-request-id') ?? '';
    return { id, status: response.status, body: (await response.json()) as Upload };
  };

  const put = async ({ url, method, headers }: Upload, body: Uint8Array<ArrayBuffer>) => {
    // fetch counts the length itself.
    const { 'content-type': type = '', 'if-none-match': none = '' } = headers;
    const signed = { 'content-type': type, 'if-none-match': none };
    return (await fetch(url, { method, headers: signed, body })).status;
  };

  /** What the gateway says of an image once it is processed. */
  const uploaded = async (type: string, bytes: Uint8Array<ArrayBuffer>) => {
    const { id, body } = await newUpload(type, bytes.length);
    expect(await put(body, bytes)).toBe(200);
    const endMs = Date.now() + 30_000;
    for (;;) {
      const image = await get(`${url}/images/${id}`);
      if (image.status !== 404 || Date.now() > endMs) return { id, ...image };
      await setTimeout(200);
    }
  };

  it('makes a thumbnail of an uploaded picture, and serves both from the cache', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 30 } as const;
    // Turned by its metadata, as phones do.
    const picture = sharp({ create: { width: 1200, height: 800, channels: 3, background, noise } })
      .withMetadata({ orientation: 6 })
      .jpeg();
    const { id, status, body } = await uploaded('image/jpeg', await bytesOf(picture));
    expect({ status, body }).toMatchObject({
      status: 200,
      body: {
        ...{ id, uploaded_by: 'alice', status: 'ready', type: 'image/jpeg' },
        ...{ width: 800, height: 1200 },
        thumbnail: { type: 'image/webp', width: 213, height: 320 },
      },
    });
    const address = `${url}/images/${id}/thumbnail`;
    const thumbnail = await fetch(address);
    expect(await sharp(await thumbnail.arrayBuffer()).metadata()).toMatchObject({
      ...{ format: 'webp', width: 213, height: 320 },
    });
    for (const each of [address, `${url}/images/${id}`]) {
      const response = await fetch(each);
      expect(response.headers.get('cache-status')).toMatch(/^postern; hit/);
    }
  });

  it('notes as failed what is no picture, or unpacks to too many pixels', async () => {
    const enormous = sharp({ create: { width: 8000, height: 8000, channels: 3, background } });
    const reasons = {
      'pixel limit': await bytesOf(enormous.png()),
      unsupported: Buffer.from('no'),
    };
    for (const [reason, bytes] of Object.entries(reasons))
      expect(await uploaded('image/png', bytes)).toMatchObject({
        status: 200,
        body: { status: 'failed', reason: expect.stringContaining(reason) },
      });
  });

  it('refuses uploads of another type or size, and a second one', async () => {
    expect(await newUpload('image/gif', 10)).toMatchObject({ status: 400 });
    expect(await newUpload('image/png', 11 * 2 ** 20)).toMatchObject({ status: 413 });
    const { body } = await newUpload('image/png', 10);
    expect(await put(body, Buffer.alloc(11))).toBe(403);
    const asGif = { ...body, headers: { ...body.headers, 'content-type': 'image/gif' } };
    expect(await put(asGif, Buffer.alloc(10))).toBe(403);
    expect(await put(body, Buffer.alloc(10))).toBe(200);
    expect(await put(body, Buffer.alloc(10))).toBe(412);
  });
});

interface Upload {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
}

const background = '#888';

const bytesOf = async (image: Sharp): Promise<Uint8Array<ArrayBuffer>> =>
  Uint8Array.from(await image.toBuffer());

const program = findChromium();

(program === undefined ? describe.skip : describe)('examples/web-app', () => {
  const name = 'web-app';
  let gateway: string;
  let provider: ChildProcess;
  let browser: Browser;

  beforeAll(async () => {
    await projects.install(name);
    const settings = join(projects.folder, name, 'environments.yaml');
    const issuer = `http://127.0.0.1:${await freeStackPort(17_650)}`;
    const text = readFileSync(settings, 'utf8');
    writeFileSync(settings, text.replace('http://127.0.0.1:4650', issuer));
    const url = await projects.deploy(name);
    provider = spawn(process.execPath, ['provider.mjs', url, issuer], {
      cwd: join(projects.folder, name),
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const [started] = (await once(provider.stdout ?? provider, 'data')) as [Buffer];
    gateway = /The page is at (\S+)\/app\/home/.exec(started.toString())?.[1] ?? '';
    browser = await chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser?.close();
    provider?.kill();
    await projects?.stop(name);
  });

  const signIn = async (user: string): Promise<Page> => {
    const context = await browser.newContext();
    const page = await context.newPage();
    page.on('console', (message) => blocked.push(...[message.text()].filter(isOfPolicy)));
    await page.goto(gateway);
    await page.getByText('You are not signed in').waitFor();
    await page.getByRole('link', { name: 'Sign in' }).click();
    await page.locator('[name=login]').fill(user);
    await page.locator('[name=password]').fill('any');
    await page.locator('[type=submit]').click();
    await page.getByRole('button', { name: 'Continue' }).click();
    await page.getByText(`Signed in as ${user}`).waitFor();
    return page;
  };

  /** What the policy of the page has kept the browser from. */
  const blocked: string[] = [];
  const isOfPolicy = (text: string): boolean =>
    text.includes('Content Security Policy') && text.includes(gateway);

  const callOn = async (page: Page, button: string): Promise<string | null> => {
    await page.getByRole('button', { name: button }).click();
    const result = page.locator('#result');
    await result.waitFor();
    return result.textContent();
  };

  it('signs users in, calls the API by their role, and signs them out in all browsers', async () => {
    const page = await signIn('alice');
    expect(await callOn(page, 'My profile')).toMatch(/^200\n[^]*"user": "alice"/);
    await show(page, 'web-app-signed-in');
    const reports = await (await signIn('admin')).context().newPage();
    expect((await reports.goto(`${gateway}/api/reports`))?.status()).toBe(200);
    expect((await page.goto(`${gateway}/api/reports`))?.status()).toBe(403);
    await page.goBack();

    const elsewhere = await signIn('alice');
    await elsewhere.getByRole('link', { name: 'Sign out everywhere' }).click();
    await elsewhere.getByRole('button', { name: /Yes/ }).click();
    await elsewhere.getByText('You are not signed in').waitFor();
    expect(await callOn(page, 'My profile')).toMatch(/^401\n[^]*CREDENTIALS_EXPIRED/);
    await page.getByText('You are not signed in').waitFor();
    await show(page, 'web-app-signed-out-elsewhere');
    expect(blocked).toEqual([]);
  });

  it('lets the page load its own files alone, also when the browser has it already', async () => {
    const page = await fetch(`${gateway}/app/home`);
    const etag = page.headers.get('etag') ?? '';
    const again = await fetch(`${gateway}/app/home`, { headers: { 'if-none-match': etag } });
    expect([page.status, again.status]).toEqual([200, 304]);
    for (const { headers } of [page, again])
      expect(headers.get('content-security-policy')).toMatch(
        /^default-src 'none'; script-src 'self';/,
      );
    const third = await fetch(`${gateway}/app/home`);
    expect(third.headers.get('cache-status')).toMatch(/^postern; hit/);
  });

  it('is planned for AWS with a user pool of Cognito', async () => {
    await planProd(name, planTest('https://app.example.com', ['module.gateway.', '']));
  });
});
