import type { RequestListener } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { findChromium, show } from '../../../test/chromium.ts';
import {
  type BrowserWorld,
  clientSecret,
  clientSecretArn,
  startBrowserWorld,
} from '../../../testing/browser-world.ts';
import { loadModule } from '../../../testing/load-contract.ts';
import { type SignInProvider, startSignInProvider } from '../../../testing/sign-in-provider.ts';
import { createHttpServer, type HttpServer } from '../../server/http-server.ts';

// The whole sign-in in Chromium: a page behind the gateway, a real OpenID provider on another site, a fake AWS.

const contract = `
openapi: 3.1.0
info: { title: Shop, version: '1' }
x-postern:
  version: 1
  failureLimit: false
  builtIn:
    signIn:
      issuer: '\${issuer}'
      clientId: web
      clientSecret: '\${client_secret}'
      returnTo: [/app/*]
      roles: groups
      backChannelLogout: allow
  upstreams: { shop: { http: {} } }
  defaults: { upstream: shop, rateLimits: [] }
paths:
  /app/{page+}: { parameters: [{ name: page, in: path, required: true, schema: {} }], get: { security: [] } }
  /app: { get: { security: [] } }
  /orders: { get: { security: [{ session: [user] }] } }
components:
  securitySchemes: { session: { type: http, scheme: bearer, x-postern: { session: {} } } }
`;

const shop: RequestListener = (request, response) => {
  if (request.url?.startsWith('/orders')) {
    response.setHeader('content-type', 'application/json');
    return void response.end(JSON.stringify({ orders: 3, of: request.headers['x-user-id'] }));
  }
  response.setHeader('content-type', 'text/html; charset=utf-8');
  response.setHeader('content-security-policy', "default-src 'self' 'unsafe-inline'");
  response.end(`<!doctype html><title>Shop</title><body style="font: 16px sans-serif; margin: 3em">
    <h1>Shop</h1><p id="orders"></p><p id="seen"></p>
    <p><a href="/auth/sign-in?return_to=/app/home">Sign in</a>, <a href="/auth/sign-out">Sign out</a></p>
    <form method="post" action="/auth/sign-out?everywhere"><button>Sign out everywhere</button></form>
    <script>
      document.querySelector('#seen').textContent = 'Cookies that scripts see: ' + (document.cookie || 'none');
      fetch('/orders').then(async (response) => {
        const { of, code } = await response.json();
        document.querySelector('#orders').textContent = response.status + ' ' + (of ?? code);
      });
    </script>`);
};

const program = findChromium();

jest.setTimeout(60_000);

(program === undefined ? describe.skip : describe)(
  `sign-in in Chromium${program === undefined ? ', which is not installed' : ''}`,
  () => {
    let browser: Browser;
    let provider: SignInProvider;
    let world: BrowserWorld;
    let server: HttpServer;
    let gateway: string;
    beforeAll(async () => {
      // The provider says of its own memory and pages that they are for development only.
      for (const level of ['info', 'warn'] as const)
        jest.spyOn(console, level).mockImplementation(() => undefined);
      const starting = chromium.launch({ executablePath: program ?? '', args: ['--no-sandbox'] });
      provider = await startSignInProvider();
      world = await startBrowserWorld(
        await loadModule({ 'gateway.yaml': contract }),
        { issuer: provider.issuer, client_secret: clientSecretArn },
        shop,
      );
      server = createHttpServer({
        service: () => {
          world.nowMs = Date.now();
          return { handler: world.handler, cors: null };
        },
        now: Date.now,
        onError: (error) => {
          throw error;
        },
      });
      const { port } = await server.listen({ host: '127.0.0.1', port: 0 });
      // Another site than the provider's 127.0.0.1, and one on which browsers keep cookies that are `Secure`.
      gateway = `http://localhost:${port}`;
      provider.register({ id: 'web', secret: clientSecret, gateway });
      // Without TLS, the own origin is one that must be allowed.
      world.restart({ GATEWAY_ALLOWED_ORIGINS: gateway });
      browser = await starting;
    });
    afterAll(async () => {
      await browser.close();
      await server.close({ graceMs: 0 });
      await provider.stop();
      await world.stop();
    });

    const ordersOn = async (page: Page): Promise<string | null> => {
      const orders = page.locator('#orders').filter({ hasText: /^\d/ });
      await orders.waitFor();
      return orders.textContent();
    };

    const signIn = async (context: BrowserContext, name: string): Promise<Page> => {
      const page = await context.newPage();
      await page.goto(`${gateway}/app`);
      expect(await ordersOn(page)).toBe('401 CREDENTIALS_MISSING');
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.locator('[name=login]').fill(name);
      await page.locator('[name=password]').fill('any');
      await show(page, 'provider');
      await page.locator('[type=submit]').click();
      await page.getByRole('button', { name: 'Continue' }).click();
      await page.waitForURL(`${gateway}/app/home`);
      return page;
    };

    it('gives a session that calls the API, and that ends everywhere at once', async () => {
      const [first, second] = [await browser.newContext(), await browser.newContext()];
      const page = await signIn(first, 'alice');
      expect(await ordersOn(page)).toBe('200 alice');
      expect(await page.locator('#seen').textContent()).toBe('Cookies that scripts see: none');
      await show(page, 'signed-in');
      const cookies = (await first.cookies(gateway)).map(({ name, httpOnly, secure, sameSite }) => {
        return { name, httpOnly, secure, sameSite };
      });
      expect(cookies).toEqual([
        { name: '__Host-session_token', httpOnly: true, secure: true, sameSite: 'Lax' },
      ]);

      const elsewhere = await signIn(second, 'alice');
      expect(await ordersOn(elsewhere)).toBe('200 alice');
      await elsewhere.getByRole('button', { name: 'Sign out everywhere' }).click();
      await elsewhere.getByRole('button', { name: /Yes/ }).click();
      await elsewhere.waitForURL(`${gateway}/app/`);
      expect(await ordersOn(elsewhere)).toBe('401 CREDENTIALS_MISSING');

      await page.reload();
      expect(await ordersOn(page)).toBe('401 CREDENTIALS_EXPIRED');
      await show(page, 'signed-out-elsewhere');
      await Promise.all([first.close(), second.close()]);
    });

    it('ends by a link of its own pages and by the provider’s back channel, and not by another site', async () => {
      const context = await browser.newContext();
      const page = await signIn(context, 'bob');
      // Another session of the same sign-in at the provider, as a second application would have it.
      const [{ value: token } = { value: '' }] = await context.cookies(gateway);
      const evil = await context.newPage();
      await evil.goto(`${provider.issuer}/nowhere`);
      await evil.setContent(`<a href="${gateway}/auth/sign-out">Win a prize</a>`);
      await evil.getByRole('link').click();
      await evil.getByText('CROSS_SITE_REQUEST').waitFor();
      await page.getByRole('link', { name: 'Sign in' }).click();
      await page.waitForURL(`${gateway}/app/home`);
      expect(await ordersOn(page)).toBe('200 bob');
      const ofFirst = () =>
        fetch(`${gateway}/orders`, { headers: { authorization: `Bearer ${token}` } });
      expect((await ofFirst()).status).toBe(200);
      await page.getByRole('link', { name: 'Sign out' }).click();
      await page.getByRole('button', { name: /Yes/ }).click();
      await page.waitForURL(`${gateway}/app/`);
      expect((await ofFirst()).status).toBe(401);
      await context.close();
    });
  },
);
