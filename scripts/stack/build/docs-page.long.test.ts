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

/** The handler of a zip as API Gateway calls it, under the stage v1. */
const program = `
  import { createRequire } from 'node:module';
  import { createHttpServer } from ${JSON.stringify(join(projectFolder, 'handler/src/server/http-server.ts'))};
  const { handler } = createRequire(import.meta.url)(process.argv[1]);
  const server = createHttpServer({
    service: () => ({
      cors: null,
      handler: (event, context) => {
        event.requestContext.stage = 'v1';
        return handler(event, context);
      },
    }),
    now: Date.now,
    onError: (error) => process.stderr.write(String(error)),
  });
  process.send((await server.listen({ host: '127.0.0.1', port: 0 })).href);
`;

let folder: string;
let services: StubServices;
let gateway: ReturnType<typeof spawn>;
let base: string;

beforeAll(async () => {
  // Inside the project, so that the handler's packages are found from there.
  const parent = join(projectFolder, 'handler/generated');
  await mkdir(parent, { recursive: true });
  folder = await mkdtemp(join(parent, 'testing-'));
  const contractFile = join(folder, 'gateway.yaml');
  const example = await readFile(examplePlaces.contractFile, 'utf8');
  await writeFile(
    contractFile,
    example.replace(
      '  version: 1\n',
      '  version: 1\n  builtIn: { docs: { path: /docs, security: [] } }\n',
    ),
  );
  const outFolder = join(folder, 'out');
  await buildZip({
    entryFile: examplePlaces.entryFile,
    contractFile,
    generatedFolder: join(folder, 'generated'),
    outFolder,
  });
  await writeFile(join(outFolder, 'package.json'), '{ "type": "commonjs" }');
  services = await startStubServices();
  const args = ['--no-warnings', '--input-type=module', '-e', program, join(outFolder, 'index.js')];
  gateway = spawn(process.execPath, args, {
    env: services.environment,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const [href] = (await once(gateway, 'message')) as [string];
  base = `${href}v1`;
}, 120_000);

afterAll(async () => {
  gateway.kill();
  await services.stop();
  await rm(folder, { recursive: true });
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

    it('shows the reference, loads nothing from elsewhere, and sends requests through the gateway', async () => {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      const errors: string[] = [];
      const elsewhere: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') errors.push(message.text());
      });
      page.on('pageerror', (error) => errors.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(`${base}/`) && !request.url().startsWith('data:'))
          elsewhere.push(request.url());
      });
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
  },
);
