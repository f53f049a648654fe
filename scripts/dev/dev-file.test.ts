import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readDevFile } from './dev-file.ts';

const known = { upstreams: ['users', 'products'], values: ['origins'], plans: ['free', 'pro'] };

describe('dev.yaml', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'dev-file-'));
  });
  afterEach(() => rm(folder, { recursive: true }));
  const read = async (text: string) => {
    await writeFile(join(folder, 'dev.yaml'), text);
    return readDevFile(join(folder, 'dev.yaml'), 'dev.yaml', known);
  };

  it('has URLs, values, sessions and plans', async () => {
    const text = `upstreams: { users: 'http://localhost:3001/api' }
values: { origins: 'http://localhost:5173' }
sessions: { alice: [user], bob: [] }
plans: { bob: pro }`;
    expect(await read(text)).toEqual({
      ok: true,
      file: {
        upstreams: { users: new URL('http://localhost:3001/api') },
        values: { origins: 'http://localhost:5173' },
        sessions: { alice: ['user'], bob: [] },
        plans: { bob: 'pro' },
      },
    });
  });

  it.each(['', '# nothing yet'])('may say nothing: %j', async (text) => {
    const file = { upstreams: {}, values: {}, sessions: undefined, plans: {} };
    expect(await read(text)).toEqual({ ok: true, file });
    expect(readDevFile(join(folder, 'absent.yaml'), 'dev.yaml', known)).toEqual({ ok: true, file });
  });

  it.each([
    [
      'upstreams: { user: http://a }',
      '1:14  "user" is none of the contract\'s upstreams — did you mean "users"?',
    ],
    ['upstream: {}', '1:1  "upstream" is none — did you mean "upstreams"?'],
    ['upstreams: { users: localhost:3001 }', '1:21  "localhost:3001" is not an http or https URL'],
    ['upstreams: { users: http://a/?b }', '1:21  "http://a/?b" is not an http or https URL'],
    ['upstreams: { users: 3001 }', '1:21  3001 is not an http or https URL'],
    ['upstreams: [users]', '1:12  must be a map'],
    [
      'values: { origin: http://a }',
      '1:11  "origin" is none of the contract\'s values — did you mean "origins"?',
    ],
    ['values: { origins: [a] }', '1:20  must be a text; several are separated by commas'],
    [
      'sessions: { alice: user }',
      "1:20  must be a list of the user's roles, such as [user, admin]",
    ],
    [
      'plans: { alice: fre }',
      '1:17  "fre" is none of the contract\'s plans — did you mean "free"?',
    ],
    ['plans: { bob: free }', '1:10  "bob" is no user — add it to sessions, as "bob: []"'],
    ['- a', '1:1  must be a map of upstreams, values, sessions, plans'],
    ['a: [', '1:5  '],
  ])('reports a problem of %j with its place', async (text, message) => {
    const reading = await read(text);
    expect(reading).toMatchObject({ ok: false });
    if (!reading.ok) expect(reading.problems[0]).toContain(`dev.yaml:${message}`);
  });

  it('reports all problems, in the order of the file', async () => {
    const reading = await read('upstreams:\n  users: x\n  other: http://a\nsessions: 1');
    expect(reading.ok ? [] : reading.problems.map((line) => line.split('  ')[0])).toEqual([
      'dev.yaml:2:10',
      'dev.yaml:3:3',
      'dev.yaml:4:11',
    ]);
  });
});
