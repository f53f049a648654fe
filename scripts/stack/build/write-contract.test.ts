import { mkdtempSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectFolder } from '../command-line/folders.ts';
import { writeContract } from './write-contract.ts';

const testing = join(projectFolder, 'handler/generated/testing');
let folder = '';

beforeEach(() => {
  mkdirSync(testing, { recursive: true });
  folder = mkdtempSync(join(testing, 'write-contract-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const write = (reference: string) => {
  const contractFile = join(folder, 'gateway.yaml');
  writeFileSync(
    contractFile,
    `
openapi: 3.1.0
info: { title: Test, version: '1' }
x-postern: { version: 1, upstreams: { users: { http: {} } }, defaults: { rateLimits: [], upstream: users } }
security: []
paths: { /users: { $ref: ${reference} } }
`,
  );
  return writeContract({ contractFile, generatedFolder: join(folder, 'generated') });
};

describe('a contract on the disk', () => {
  it('is compiled with the files that it refers to', async () => {
    writeFileSync(join(folder, 'users.yaml'), "get: { responses: { '200': { description: OK } } }");
    const { routes } = await write('./users.yaml');
    expect(routes.map(({ id }) => id)).toContain('GET /users');
  });

  it('is rejected if it refers to a file that does not exist', async () => {
    await expect(write('./users.yaml')).rejects.toThrow('cannot be read: there is no such file');
  });

  it('is rejected if a symbolic link leads it out of the project', async () => {
    symlinkSync('/etc/hosts', join(folder, 'users.yaml'));
    await expect(write('./users.yaml')).rejects.toThrow(
      'it is a link to a file outside the project',
    );
  });
});
