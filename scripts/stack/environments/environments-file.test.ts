import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironmentsFile } from './environments-file.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'environments-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const read = (text: string) => {
  const file = join(folder, 'environments.yaml');
  writeFileSync(file, text);
  return readEnvironmentsFile(file);
};

describe('environments.yaml', () => {
  it('gives each environment its region and the inputs of the module', () => {
    const environments = read(`local:
dev: { region: eu-west-1, state_bucket: states, upstreams: { users: 'https://u.example' }, mine: 1 }
`);
    expect(Object.fromEntries(environments)).toEqual({
      local: { region: 'us-east-1', inputs: {} },
      dev: {
        region: 'eu-west-1',
        state_bucket: 'states',
        inputs: { upstreams: { users: 'https://u.example' } },
      },
    });
  });

  it('may have Windows line endings', () => {
    const settings = read('dev:\r\n  region: eu-west-1\r\n').get('dev');
    expect(settings).toMatchObject({ region: 'eu-west-1' });
  });

  it.each([
    ['dev: {}', 'environments.yaml:1:1  has no region — add "region: eu-central-1"'],
    ['dev: { region: 5 }', 'environments.yaml:1:16  must be a text'],
    ['local: { upstream: {} }', 'environments.yaml:1:10  "upstream" — did you mean "upstreams"?'],
    ['local:\n  api: true', 'environments.yaml:2:8  must be a map'],
    ['Prod: { region: eu-west-1 }', '1:1  "Prod" is not 2 to 16 lower-case letters'],
    ['[local]', 'environments.yaml:1:1  must be a map'],
    ['{}', 'names no environment — write one, such as "local: {}"'],
    ['local: {', 'environments.yaml:'],
  ])('is refused by line: %j', (text, message) => {
    expect(() => read(text)).toThrow(message);
  });

  it('reports all problems at once, from the first line to the last', () => {
    expect(() => read('dev: {}\nlocal:\n  valeus: {}\n')).toThrow(
      /environments\.yaml:1:1 .*\nenvironments\.yaml:3:3 .*"values"\?$/,
    );
  });

  it('says what to do where there is none', () => {
    expect(() => readEnvironmentsFile(join(folder, 'none.yaml'))).toThrow(/postern init/);
  });
});
