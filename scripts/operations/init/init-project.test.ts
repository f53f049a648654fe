import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compileContract } from '../../../handler/compiler/compile-contract.ts';
import { packageFolder } from '../../stack/command-line/folders.ts';
import { readEnvironmentsFile } from '../../stack/environments/environments-file.ts';
import { gitignore, initProject, usableName } from './init-project.ts';
import { ownSpecification, ownVersion } from './own-version.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'a project '));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const read = (name: string): string => readFileSync(join(folder, name), 'utf8');
const wishes = { name: 'shop', region: 'eu-central-1' };
const openapi = `openapi: 3.0.3
info: { title: Books, version: 1.0.0 }
servers: [{ url: 'https://books.example.com/v1' }]
paths: { /books: { get: { responses: { '200': { description: Books } } } } }
`;

describe('a new project', () => {
  it('is a contract that compiles, main.tf, the environments, and one package', async () => {
    const files = await initProject(folder, wishes);
    expect(files).toEqual([
      'package.json',
      'gateway.yaml',
      'environments.yaml',
      'main.tf',
      '.terraform.lock.hcl',
      join('.github', 'workflows', 'gateway.yml'),
      '.gitignore',
    ]);
    expect(JSON.parse(read('package.json'))).toEqual({
      name: 'shop',
      private: true,
      devDependencies: { postern: ownVersion() },
    });
    const compilation = compileContract(read('gateway.yaml'), {
      file: 'gateway.yaml',
      runtime: '.',
    });
    expect(compilation).toMatchObject({ ok: true, warnings: [] });
    expect(read('main.tf')).toContain('"shop-${var.environment}"');
    expect(read('main.tf')).not.toContain('minimal');
    const environments = readEnvironmentsFile(join(folder, 'environments.yaml'));
    expect([...environments.keys()]).toEqual(['local', 'dev', 'prod']);
    expect(environments.get('dev')?.region).toBe('eu-central-1');
  });

  it('keeps the comments of environments.yaml', async () => {
    await initProject(folder, wishes);
    expect(read('environments.yaml')).toMatch(/^# What differs by environment/);
  });

  it('may begin where npm and Git have been, and keeps what package.json says', async () => {
    const manifest = { name: 'mine', dependencies: { postern: '^9.0.0' } };
    writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest));
    writeFileSync(join(folder, '.gitignore'), '*.log\n');
    mkdirSync(join(folder, 'node_modules'));
    mkdirSync(join(folder, '.git'));
    expect(await initProject(folder, wishes)).not.toContain('.gitignore');
    expect(JSON.parse(read('package.json'))).toEqual(manifest);
    expect(read('.gitignore')).toBe('*.log\n');
  });

  it('is refused in a folder that has something else, which stays as it is', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) writeFileSync(join(folder, name), '');
    await expect(initProject(folder, wishes)).rejects.toThrow(
      'is not empty: it has a, b, c, d, e and 1 more. A new project needs a folder of its own:',
    );
    expect(readdirSync(folder)).toHaveLength(6);
  });

  it('imports an OpenAPI document, with the addresses of its servers', async () => {
    const document = join(folder, 'books.yaml');
    writeFileSync(document, openapi);
    const files = await initProject(folder, { ...wishes, document });
    expect(files.slice(0, 3)).toEqual(['package.json', 'books.yaml', 'gateway.yaml']);
    expect(read('gateway.yaml')).toContain('document: ./books.yaml');
    const environments = readEnvironmentsFile(join(folder, 'environments.yaml'));
    expect(environments.get('prod')?.inputs.upstreams).toEqual({
      books: 'https://books.example.com/v1',
    });
    expect(environments.get('local')?.inputs.upstreams).toBeUndefined();
  });

  it('copies a document from another folder, and reports one that cannot be read', async () => {
    const elsewhere = mkdtempSync(join(tmpdir(), 'elsewhere-'));
    writeFileSync(join(elsewhere, 'books.yaml'), openapi);
    const document = join(elsewhere, 'books.yaml');
    expect(await initProject(folder, { ...wishes, document })).toContain('books.yaml');
    rmSync(elsewhere, { recursive: true });
    rmSync(folder, { recursive: true });
    await expect(initProject(folder, { ...wishes, document })).rejects.toThrow(
      /books\.yaml cannot be read \(ENOENT/,
    );
  });

  it.each(['Shop', 'a', '1shop', 'a'.repeat(25), 'shop-', 'über'])(
    'is refused with the name %j, with one that can be used',
    async (name) => {
      await expect(initProject(folder, { ...wishes, name })).rejects.toThrow(
        `cannot begin the names of AWS resources`,
      );
      await initProject(folder, { ...wishes, name: usableName(name) });
    },
  );

  it('is refused for what is not a region', async () => {
    await expect(initProject(folder, { ...wishes, region: 'Frankfurt' })).rejects.toThrow(
      '"Frankfurt" is not the name of an AWS region',
    );
  });
});

describe('the template', () => {
  const minimal = join(packageFolder, 'examples', 'minimal');

  it('ignores the same files as a new project', () => {
    expect(readFileSync(join(minimal, '.gitignore'), 'utf8')).toBe(gitignore);
  });

  it('needs this version, and the provider that this repository locks', () => {
    const manifest = JSON.parse(readFileSync(join(minimal, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ devDependencies: { postern: ownVersion() } });
    const [lock, ours] = [minimal, join(packageFolder, 'terraform')].map((place) =>
      readFileSync(join(place, '.terraform.lock.hcl'), 'utf8'),
    );
    expect(lock).toBe(ours);
  });
});

describe('the package that a new project needs', () => {
  const installed = (resolved: string): string => {
    const modules = join(folder, 'node_modules');
    mkdirSync(join(modules, 'postern'), { recursive: true });
    const packages = { 'node_modules/postern': { version: '1.0.0', resolved } };
    writeFileSync(join(modules, '.package-lock.json'), JSON.stringify({ packages }));
    return join(modules, 'postern');
  };

  it('is the tarball that this one was installed from', () => {
    expect(ownSpecification(installed('file:../packed/postern-1.0.0.tgz'))).toBe(
      `file:${join(folder, '..', 'packed', 'postern-1.0.0.tgz')}`,
    );
  });

  it('is a version if this one came from a registry', () => {
    expect(ownSpecification(installed('https://npm.example.com/postern.tgz'))).toBeUndefined();
    expect(ownSpecification(join(folder, 'nowhere', 'postern'))).toBeUndefined();
  });
});
