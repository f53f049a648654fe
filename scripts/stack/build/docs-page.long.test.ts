import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Browser, chromium } from 'playwright-core';
import { startStubServices, type StubServices } from '../../../handler/testing/stub-services.ts';
import { projectFolder } from '../command-line/folders.ts';
import { examplePlaces } from './build-places.ts';
import { buildZip } from './build-zip.ts';

/** Where distributions and installers put it; the variable of Puppeteer names another. */
const browserPath = [
  process.env['PUPPETEER_EXECUTABLE_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
].find((path) => path !== '' && existsSync(path));

/**
 * The handler of a zip as API Gateway calls it. The stage, v1, is a part of the URL, unless the gateway has a domain of its
 * own: API Gateway then puts it in front of the path.
 */
const program = `
  import { createRequire } from 'node:module';
  import { createHttpServer } from ${JSON.stringify(join(projectFolder, 'handler/src/server/http-server.ts'))};
  const [, file, hasDomain] = process.argv;
  const { handler } = createRequire(import.meta.url)(file);
  const server = createHttpServer({
    service: () => ({
      cors: null,
      handler: (event, context) => {
        event.requestContext.stage = 'v1';
        if (hasDomain) event.rawPath = '/v1' + event.rawPath;
        return handler(event, context);
      },
    }),
    now: Date.now,
    onError: (error) => process.stderr.write(String(error)),
  });
  process.send((await server.listen({ host: '127.0.0.1', port: 0 })).href);
`;

interface Gateway {
  readonly base: string;
  stop(): Promise<void>;
}

/** The example with these routes of the gateway's own. */
const startGateway = async (builtIn: string, hasDomain: boolean): Promise<Gateway> => {
  // Inside the project, so that the handler's packages are found from there.
  const parent = join(projectFolder, 'handler/generated');
  await mkdir(parent, { recursive: true });
  const folder = await mkdtemp(join(parent, 'testing-'));
  const contractFile = join(folder, 'gateway.yaml');
  const example = await readFile(examplePlaces.contractFile, 'utf8');
  await writeFile(
    contractFile,
    example.replace('  version: 1\n', `  version: 1\n  builtIn: ${builtIn}\n`),
  );
  const outFolder = join(folder, 'out');
  await buildZip({
    entryFile: examplePlaces.entryFile,
    contractFile,
    generatedFolder: join(folder, 'generated'),
    outFolder,
  });
  await writeFile(join(outFolder, 'package.json'), '{ "type": "commonjs" }');
  const args = ['--no-warnings', '--input-type=module', '-e', program, join(outFolder, 'index.js')];
  const gateway = spawn(process.execPath, hasDomain ? [...args, 'domain'] : args, {
    env: services.environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [href] = (await once(gateway, 'message')) as [string];
  return {
    base: hasDomain ? href.slice(0, -1) : `${href}v1`,
    stop: async () => {
      gateway.kill();
      await rm(folder, { recursive: true });
    },
  };
};

let services: StubServices;
let open: Gateway;
let protectedOne: Gateway;
let base: string;

beforeAll(async () => {
  services = await startStubServices();
  open = await startGateway('{ docs: { path: /docs, security: [] } }', false);
  protectedOne = await startGateway(
    '{ openapi: { path: /spec/api.json }, docs: { path: /team/reference, security: [{ session: [user] }] } }',
    true,
  );
  ({ base } = open);
}, 120_000);

afterAll(async () => {
  await open.stop();
  await protectedOne.stop();
  await services.stop();
});

describe('the docs page', () => {
  it('has a strict policy, and a script that browsers keep', async () => {
    const page = await fetch(`${base}/docs`);
    expect(page.headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; script-src 'self' 'sha256-[^']+'; /,
    );
    const [, src = ''] = /<script src="([^"]+)"/.exec(await page.text()) ?? [];
    const script = await fetch(`${base}/${src}`, { headers: { 'accept-encoding': 'br' } });
    expect(Object.fromEntries(script.headers)).toMatchObject({
      'content-type': 'text/javascript; charset=utf-8',
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
    });
    expect(await script.text()).toMatch(/^\/\*! @scalar\/api-reference .*MIT/);
    const etag = script.headers.get('etag') ?? '';
    const again = await fetch(`${base}/${src}`, { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it('leads from a path with a slash at the end to the one without', async () => {
    const { status, headers } = await fetch(`${base}/docs/`, { redirect: 'manual' });
    expect([status, headers.get('location')]).toEqual([308, '../docs']);
  });
});

describe('the docs page behind a sign-in', () => {
  it('is only for callers with a session, as is its script, which no other cache keeps', async () => {
    const url = `${protectedOne.base}/team/reference`;
    expect((await fetch(url)).status).toBe(401);
    const stranger = `Bearer ${await services.signIn('bob', { roles: ['guest'] })}`;
    expect((await fetch(url, { headers: { authorization: stranger } })).status).toBe(403);
    const authorization = `Bearer ${await services.signIn('alice')}`;
    const page = await fetch(url, { headers: { authorization } });
    expect(page.status).toBe(200);
    const [, src = ''] = /<script src="([^"]+)"/.exec(await page.text()) ?? [];
    const script = new URL(src, url);
    expect((await fetch(script)).status).toBe(401);
    const { status, headers } = await fetch(script, { headers: { authorization } });
    expect([status, headers.get('cache-control')]).toEqual([
      200,
      'private, max-age=31536000, immutable',
    ]);
  });
});

(browserPath === undefined ? describe.skip : describe)(
  `the docs page in Chromium${browserPath === undefined ? ', which is not installed' : ''}`,
  () => {
    let browser: Browser;
    beforeAll(async () => {
      browser = await chromium.launch({
        executablePath: browserPath ?? '',
        args: ['--no-sandbox'],
      });
    });
    afterAll(() => browser.close());

    /** A page that notes its errors, and its requests to others than the gateway. */
    const openPage = async (of: string) => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const errors: string[] = [];
      const elsewhere: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(`${of}/`) && !request.url().startsWith('data:'))
          elsewhere.push(request.url());
      });
      return { page, errors, elsewhere };
    };

    it('shows the reference, loads nothing from elsewhere, and sends requests through the gateway', async () => {
      const { page, errors, elsewhere } = await openPage(base);
      await page.goto(`${base}/docs#tag/users/GET/api/v1/users`);
      await page.getByRole('heading', { name: 'Example API' }).waitFor();
      const token = await services.signIn('alice');
      await page.getByPlaceholder('Token').first().fill(token);
      await page.getByRole('button', { name: 'Test Request (get /api/v1/users)' }).click();
      const sent = page.waitForResponse((response) =>
        /\/api\/v1\/users(\?|$)/.test(response.url()),
      );
      await page.getByRole('button', { name: /^Send/ }).first().click();
      const response = await sent;
      expect([response.url().split('?')[0], response.status()]).toEqual([
        `${base}/api/v1/users`,
        200,
      ]);
      await page.getByText('200 OK').first().waitFor();
      expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
    }, 60_000);

    it('works behind a sign-in, on a domain of its own, and with the document at another path', async () => {
      const of = protectedOne.base;
      const { page, errors, elsewhere } = await openPage(of);
      const value = await services.signIn('alice');
      await page.context().addCookies([{ name: 'session_token', value, url: of }]);
      await page.goto(`${of}/team/reference#tag/users/GET/api/v1/users`);
      await page.getByRole('heading', { name: 'Example API' }).waitFor();
      await page.getByRole('button', { name: 'Test Request (get /api/v1/users)' }).click();
      const sent = page.waitForResponse((response) =>
        /\/api\/v1\/users(\?|$)/.test(response.url()),
      );
      await page.getByRole('button', { name: /^Send/ }).first().click();
      const response = await sent;
      expect([response.url().split('?')[0], response.status()]).toEqual([
        `${of}/api/v1/users`,
        200,
      ]);
      expect({ errors, elsewhere }).toEqual({ errors: [], elsewhere: [] });
    }, 60_000);
  },
);
