import { createHmac } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { testPlugin } from 'postern/plugin-testing';
import redact from '../../../testing/plugins/redact.ts';
import sign from '../../../testing/plugins/sign.ts';
import tenant from '../../../testing/plugins/tenant.ts';

const alice = { userId: 'alice', roles: ['user'] };

describe('the tenant header of docs/plugins.md', () => {
  const options = { claim: 'tenant', header: 'x-tenant' };

  it('is the claim of the caller, whatever the client sends', async () => {
    const { forwarded } = await testPlugin(tenant, {
      with: options,
      caller: { ...alice, claims: { tenant: 'acme' } },
      request: { headers: { 'x-tenant': 'globex', connection: 'x-tenant' } },
    });
    expect(forwarded?.headers).toMatchObject({ 'x-tenant': 'acme' });
  });

  it('is not sent for a caller without the claim: 403', async () => {
    const { response, forwarded } = await testPlugin(tenant, { with: options, caller: alice });
    expect(response.statusCode).toBe(403);
    expect(JSON.parse(response.body ?? '')).toMatchObject({
      code: 'ACCESS_DENIED',
      detail: 'Your account belongs to no tenant.',
    });
    expect(forwarded).toBeUndefined();
  });
});

describe('the request signing of docs/plugins.md', () => {
  it('signs time, method, query and body with the key of the plugin before it', async () => {
    const signing = sign.create({ key: 'signingKey', header: 'x-signature' });
    const { forwarded } = await testPlugin({
      before: async (request: Parameters<NonNullable<typeof signing.before>>[0]) => {
        request.internal['signingKey'] = Promise.resolve('s3cret');
        await signing.before?.(request);
      },
    });
    const [, seconds = '', signature] =
      /^t=(\d+),v1=([0-9a-f]{64})$/.exec(forwarded?.headers['x-signature'] ?? '') ?? [];
    const due = createHmac('sha256', 's3cret').update(`${seconds}\nGET\n\n`).digest('hex');
    expect(signature).toBe(due);
  });

  it('fails without a key, and the log names the plugin', async () => {
    const { response, logged } = await testPlugin(sign, {
      with: { key: 'signingKey', header: 'x-signature' },
    });
    expect(JSON.parse(response.body ?? '')).toMatchObject({ status: 500, code: 'PLUGIN_FAILED' });
    expect(logged).toMatchObject([
      { error_code: 'PLUGIN_FAILED', error: { note: 'plugin: plugin' } },
    ]);
  });
});

describe('the redaction of docs/plugins.md', () => {
  const options = { fields: ['ssn'], unless: 'auditor' };
  const upstream = () => ({
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: '{"users":[{"id":1,"ssn":"078-05-1120"}]}',
  });

  it('removes the fields at every depth, and asks the upstream for no compression', async () => {
    const { response, forwarded } = await testPlugin(redact, {
      with: options,
      at: 'on-response',
      caller: alice,
      request: { headers: { 'accept-encoding': 'gzip' } },
      upstream,
    });
    expect(response.body).toBe('{"users":[{"id":1}]}');
    expect(forwarded?.headers).not.toHaveProperty('accept-encoding');
  });

  it('leaves them to callers with the role', async () => {
    const { response } = await testPlugin(redact, {
      with: options,
      at: 'on-response',
      caller: { userId: 'bob', roles: ['auditor'] },
      upstream,
    });
    expect(response.body).toContain('078-05-1120');
  });

  it('fails if it cannot read the response, rather than passing it on', async () => {
    const { response } = await testPlugin(redact, {
      with: options,
      at: 'on-response',
      upstream: () => ({
        ...upstream(),
        body: 'H4sI',
        isBase64Encoded: true,
        headers: { ...upstream().headers, 'content-encoding': 'gzip' },
      }),
    });
    expect(response).toMatchObject({
      statusCode: 500,
      headers: { 'x-content-type-options': 'nosniff' },
    });
    expect(response.body).not.toContain('H4sI');
  });
});

describe('docs/plugins.md', () => {
  const folder = join(import.meta.dirname, '../../../testing/plugins');

  it.each(readdirSync(folder))('shows %s as it is tested', (file) => {
    const page = readFileSync(join(import.meta.dirname, '../../../../docs/plugins.md'), 'utf8');
    expect(page).toContain(
      `\`\`\`ts\n// plugins/${file}\n${readFileSync(join(folder, file), 'utf8')}\`\`\``,
    );
  });
});
