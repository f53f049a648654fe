import { describe, expect, it } from '@jest/globals';
import { asTyped } from './as-typed.ts';

describe('a message in a project that has the package', () => {
  it.each([
    ['Deploy it: make deploy ENV=local', 'Deploy it: npx postern deploy local'],
    [
      'Start it: make deploy ENV=local LOCAL_PORT=4666\nor wait.',
      'Start it: LOCAL_PORT=4666 npx postern deploy local\nor wait.',
    ],
    [
      '"Bearer $(make -s session ENV=local USER=alice ROLES=user)"',
      '"Bearer $(npx postern session create local --user alice --roles user)"',
    ],
    [
      'First: make release ENV=dev PAUSE=5m.',
      'First: npx postern deploy dev --gradual --pause 5m.',
    ],
    [
      '  make rotate-key ENV=dev NOW=1 CONFIRM=dev',
      '  npx postern signing-key replace dev --yes dev',
    ],
    ['  make rotate-key ENV=dev KEEP=30d', '  npx postern signing-key rotate dev --keep 30d'],
    ['Run `make build` first.', 'Run `npx postern build` first.'],
    ['Run make rollback\n', 'Run npx postern rollback\n'],
    [
      "make logs ENV=dev ROUTE='GET /a' FOLLOW=0",
      "npx postern logs dev --route 'GET /a' --no-follow",
    ],
    ['make import FILE=kong.yaml OUT=b.yaml', 'npx postern import kong.yaml --out b.yaml'],
    ['if it is dead, add OLDER_THAN=1s', 'if it is dead, add --older-than 1s'],
    ['or overwrite it: OVERWRITE=1', 'or overwrite it: --overwrite'],
    ['TTL is "8"; it is a duration', '--ttl is "8"; it is a duration'],
    ['TOKEN or USER is missing', '--token or --user is missing'],
    ['make sure of it', 'make sure of it'],
    ['it is 202 (docs/upstreams.md)', 'it is 202 (node_modules/postern/docs/upstreams.md)'],
    ['https://unpkg.com/postern/docs/errors.md', 'https://unpkg.com/postern/docs/errors.md'],
    ['AWS_PROFILE=dev or AWS is away', 'AWS_PROFILE=dev or AWS is away'],
  ])('%j is %j', (message, expected) => {
    expect(asTyped(message, false)).toBe(expected);
  });

  it('stays as it is in this repository', () => {
    expect(asTyped('make deploy ENV=local', true)).toBe('make deploy ENV=local');
  });
});
